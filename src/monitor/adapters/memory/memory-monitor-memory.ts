import type { SecretArn } from '../../domain/secret/secret.ts';
import { type Target, targetKey } from '../../domain/secret/secret.ts';
import type { MonitorMemory, RememberedSecret, RememberedTarget } from '../../ports/store/monitor-memory.ts';

/** A monitor's memory that is given to it; what it was not given, nobody watches. */
export interface GivenMemory extends MonitorMemory {
  giveSecret(arn: SecretArn, remembered: RememberedSecret): void;
  giveTarget(target: Target, remembered: RememberedTarget): void;
}

/** Remembers in this process; an unknown secret is `unknown`. */
export function memoryMonitorMemory(unknown: RememberedSecret): GivenMemory {
  const secrets = new Map<SecretArn, RememberedSecret>();
  const targets = new Map<string, RememberedTarget>();
  return {
    giveSecret: (arn, remembered) => void secrets.set(arn, remembered),
    giveTarget: (target, remembered) => void targets.set(targetKey(target), remembered),
    secret: async (arn) => secrets.get(arn) ?? unknown,
    target: async (target) =>
      targets.get(targetKey(target)) ?? {
        isWatched: false,
        lastSweepAt: undefined,
        lastAuditAt: undefined,
        alerts: [],
        more: 0,
      },
  };
}

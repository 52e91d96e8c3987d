import type { Instant } from '../../src/calendar/instant.ts';
import type { StoredSecret } from '../../src/monitor/adapters/memory/memory-secret-catalog.ts';
import type { Secret } from '../../src/monitor/domain/secret/secret.ts';
import { arn, aSecret, PENDING, PENDING_APART } from './builders.ts';

/** A secret of the given name, healthy unless given otherwise. */
export const named = (name: string, given: Partial<Secret> = {}): Secret =>
  aSecret({
    name,
    arn: arn(`arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}-AbCdEf`),
    ...given,
  });

/** A healthy secret as a catalog keeps it. */
export const healthy = (name: string, given: Partial<Secret> = {}): StoredSecret => ({
  secret: named(name, given),
  createdAt: {},
});

/** A secret whose pending version was created at the given time, as a catalog keeps it. */
export const pendingSince = (
  name: string,
  createdAt: Instant,
  given: Partial<Secret> = {},
): StoredSecret => ({
  secret: named(name, { versionStages: PENDING_APART, ...given }),
  createdAt: { [PENDING]: createdAt },
});

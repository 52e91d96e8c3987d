import { isOpen } from '../../domain/alert/alert.ts';
import { arnHash } from '../../domain/arn-hash.ts';
import { type SecretArn, splitSecretArn } from '../../domain/secret/secret.ts';
import type { AuditMemory, SecretHistory } from '../../ports/store/audit-memory.ts';
import { forEachLimited } from '../for-each-limited.ts';
import type { Service } from '../service.ts';

/** The stores that hold a monitor's history. */
export interface HistoryStores extends Pick<Service, 'changes'> {
  readonly store: Pick<Service['store'], 'attempts' | 'open'>;
}

/** Secrets read in parallel: three queries each. */
const SECRETS_AT_ONCE = 8;

/** Reads the memory for audits from the stores themselves. */
export const auditMemoryOf = ({ changes, store }: HistoryStores): AuditMemory => ({
  since: async (target) => (await changes.readPopulation(target))?.since,
  critical: async (target) =>
    (await store.open(target))
      .filter(({ alerts }) => alerts.some((alert) => isOpen(alert) && alert.severity === 'CRITICAL'))
      .map(({ subject }) => subject),
  async histories(arns) {
    const found: SecretHistory[] = [];
    const errors = await forEachLimited(arns, SECRETS_AT_ONCE, async (arn) => {
      found.push(await historyOf({ changes, store }, arn));
    });
    if (errors.length > 0) throw errors[0];
    return found;
  },
  exceptions: (target) => changes.exceptions(target),
  sights: (target, after) => changes.sights(target, after),
  counts: (target, from, until) => changes.counts(target, from, until),
});

async function historyOf({ changes, store }: HistoryStores, secretArn: SecretArn): Promise<SecretHistory> {
  const [sight, records, entries] = await Promise.all([
    changes.readSight(splitSecretArn(secretArn), arnHash(secretArn)),
    store.attempts(secretArn),
    changes.changes(secretArn),
  ]);
  return { secretArn, sight, records, changes: entries };
}

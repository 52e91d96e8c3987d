import { expect, test } from 'vitest';
import { AuditTally } from '../../../../../../src/monitor/domain/report/compute/summary.ts';
import { observed, unknown } from '../../../../../../src/monitor/domain/report/figure.ts';
import type { SecretAudit } from '../../../../../../src/monitor/domain/report/secret-audit.ts';
import { aProvenance, aSecretAudit } from '../../../../../support/reports.ts';

const unseen = unknown<number>('No history is kept.');
const WITHOUT_HISTORY: Partial<SecretAudit> = {
  windowsDue: unseen,
  rotationsCompleted: unseen,
  windowsMissed: unseen,
  failures: unseen,
  rotations: [],
};

const summed = (...rows: readonly Partial<SecretAudit>[]) => {
  const tally = new AuditTally(aProvenance().period);
  for (const row of rows) tally.add(aSecretAudit(row));
  const none = { population: [], notSwept: [], unwatchedPrimaries: [], exceptions: [], calls: {} };
  return tally.summary(none);
};

test('sums of figures that nobody knows are unknown, not 0', () => {
  const { totals, trend } = summed(WITHOUT_HISTORY, WITHOUT_HISTORY);
  expect(totals).toEqual({
    secrets: 2,
    windowsDue: undefined,
    rotationsCompleted: undefined,
    windowsMissed: undefined,
    failures: undefined,
    inferred: 0,
    unknown: 2,
  });
  expect(trend).toEqual([]);
});

test('what is known of some secrets is summed up, beside the number of the others', () => {
  const { totals, trend } = summed({ rotationsCompleted: observed(3) }, WITHOUT_HISTORY);
  expect(totals).toMatchObject({ secrets: 2, rotationsCompleted: 3, failures: 1, unknown: 1 });
  expect(trend.map(({ completed }) => completed)).toEqual([0, 1, 0]);
});

test('all secrets that could not be checked are counted, and the first thousand are named', () => {
  const rows = Array.from({ length: 1001 }, () => ({ coverage: 'unverifiable' as const }));
  const { coverage } = summed(...rows);
  expect(coverage.unverifiableCount).toBe(1001);
  expect(coverage.unverifiable).toHaveLength(1000);
});

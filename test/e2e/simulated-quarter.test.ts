import { beforeAll, describe, expect, test } from 'vitest';
import { type AuditedQuarter, auditQuarter } from '../../bench/audit/audit-quarter.ts';
import { type PlayedQuarter, playQuarter } from '../../bench/audit/play-quarter.ts';
import { type SecretTruth, truthOf } from '../../bench/audit/quarter-truth.ts';
import { SECOND } from '../../src/calendar/instant.ts';
import type { SecretAudit } from '../../src/monitor/domain/report/secret-audit.ts';

const SECRETS = 50;

interface Compared {
  readonly played: PlayedQuarter;
  readonly audited: AuditedQuarter;
}

async function quarter(drop: number): Promise<Compared> {
  const played = await playQuarter({ secrets: SECRETS, seed: 7, drop });
  const audited = await auditQuarter(played);
  await played.simulator.close();
  return { played, audited };
}

/** The figures of a row that the truth has, too. */
const figures = (row: SecretAudit | undefined): SecretTruth | undefined =>
  row && {
    completed: row.rotationsCompleted.value ?? Number.NaN,
    failures: row.failures.value ?? Number.NaN,
    due: row.windowsDue.value ?? Number.NaN,
    missed: row.windowsMissed.value ?? Number.NaN,
    longestRepairMs: row.longestRepairMs.value ?? Number.NaN,
  };

/** Times in CloudTrail's records are whole seconds. */
const PRECISION_MS = 2 * SECOND;

const isEqual = (found: SecretTruth | undefined, { longestRepairMs, ...counts }: SecretTruth): boolean =>
  found !== undefined &&
  Math.abs(found.longestRepairMs - longestRepairMs) <= PRECISION_MS &&
  Object.entries(counts).every(([name, value]) => Reflect.get(found, name) === value);

describe('a quarter in which every event arrives', () => {
  let compared: Compared;
  beforeAll(async () => {
    compared = await quarter(0);
  });

  test('each figure equals the truth', () => {
    const { played, audited } = compared;
    const differing = played.arns.flatMap((arn) => {
      const truth = truthOf(played, arn);
      const found = figures(audited.rows.get(arn));
      return isEqual(found, truth) ? [] : [{ arn, found, truth }];
    });
    expect(differing).toEqual([]);
    expect(audited.rows.size).toBe(played.arns.length);
  });

  test('there is something to find, and the population adds up', () => {
    const { played, audited } = compared;
    const truths = played.arns.map((arn) => truthOf(played, arn));
    expect(truths.reduce((sum, { failures }) => sum + failures, 0)).toBeGreaterThan(20);
    expect(truths.reduce((sum, { completed }) => sum + completed, 0)).toBeGreaterThan(400);
    expect(audited.summary.population).toMatchObject([
      { opening: SECRETS, created: 4, restored: 1, deleted: 6, closing: SECRETS - 1, difference: 0 },
    ]);
    const bases = new Set(
      [...audited.rows.values()].map(({ rotationsCompleted }) => rotationsCompleted.basis),
    );
    expect(bases).toEqual(new Set(['observed']));
  });
});

describe('a quarter in which a tenth of the events is lost', () => {
  let compared: Compared;
  beforeAll(async () => {
    compared = await quarter(0.1);
  });

  test('completed rotations are still exact, and no secret is missing', () => {
    const { played, audited } = compared;
    const differing = played.arns.flatMap((arn) => {
      const { completed } = truthOf(played, arn);
      const found = audited.rows.get(arn)?.rotationsCompleted.value;
      return found === completed ? [] : [{ arn, found, completed }];
    });
    expect(differing).toEqual([]);
    expect(audited.rows.size).toBe(played.arns.length);
  });

  test('rows are marked where events were lost, and the population adds up', () => {
    const { played, audited } = compared;
    const { dropped } = played.simulator.eventBridge.counts();
    expect(dropped).toBeGreaterThan(100);
    for (const { rotations, rotationsCompleted } of audited.rows.values()) {
      const lost = rotations.some(({ basis, outcome }) => outcome === 'succeeded' && basis === 'inferred');
      if (lost) expect(rotationsCompleted).toMatchObject({ basis: 'inferred', because: expect.any(String) });
    }
    expect(
      [...audited.rows.values()].filter(({ failures }) => failures.basis === 'inferred').length,
    ).toBeGreaterThan(10);
    expect(audited.summary.population).toMatchObject([
      { opening: SECRETS, closing: SECRETS - 1, difference: 0 },
    ]);
  });
});

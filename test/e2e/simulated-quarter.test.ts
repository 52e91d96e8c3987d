import { beforeAll, describe, expect, test } from 'vitest';
import { auditQuarter } from '../../bench/audit/audit-quarter.ts';
import { type ComparedQuarter, compareQuarter } from '../../bench/audit/compare-quarter.ts';
import { playQuarter } from '../../bench/audit/play-quarter.ts';
import { quarterBreaches } from '../../bench/audit/quarter-budget.ts';

const SECRETS = 50;

async function quarter(drop: number): Promise<ComparedQuarter> {
  const played = await playQuarter({ secrets: SECRETS, seed: 7, drop });
  const compared = compareQuarter(played, await auditQuarter(played));
  await played.simulator.close();
  return compared;
}

describe('a quarter in which every event arrives', () => {
  let compared: ComparedQuarter;
  beforeAll(async () => {
    compared = await quarter(0);
  });

  test('each figure equals the truth', () => {
    expect(compared.differing).toEqual([]);
    expect(compared.rows).toBe(compared.secrets);
    expect(quarterBreaches(compared, false)).toEqual([]);
  });

  test('there is something to find, and the population adds up', () => {
    const { truth, population, withLostSuccess, inferred } = compared;
    expect(truth.failures).toBeGreaterThan(20);
    expect(truth.completed).toBeGreaterThan(400);
    expect(truth.missed).toBeGreaterThan(10);
    expect(population).toMatchObject([
      { opening: SECRETS, created: 4, restored: 1, deleted: 6, closing: SECRETS - 1, difference: 0 },
    ]);
    expect({ withLostSuccess, inferred }).toEqual({ withLostSuccess: 0, inferred: 0 });
  });
});

describe('a quarter in which a tenth of the events is lost', () => {
  let compared: ComparedQuarter;
  beforeAll(async () => {
    compared = await quarter(0.1);
  });

  test('completed rotations are still exact, and no secret is missing', () => {
    expect(compared.miscounted).toEqual([]);
    expect(compared.rows).toBe(compared.secrets);
    expect(quarterBreaches(compared, true)).toEqual([]);
  });

  test('rows are marked where events were lost, and the population adds up', () => {
    const { eventsDropped, unmarked, withLostSuccess, inferred, population } = compared;
    expect(eventsDropped).toBeGreaterThan(100);
    expect(unmarked).toEqual([]);
    expect(withLostSuccess).toBeGreaterThan(10);
    expect(inferred).toBeGreaterThan(10);
    expect(population).toMatchObject([{ opening: SECRETS, closing: SECRETS - 1, difference: 0 }]);
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Fault, MUTANTS, UNTRUTHS } from '../../scripts/mutants/table.ts';

function expectPlantable({ file, edits }: Pick<Fault, 'file' | 'edits'>): void {
  const source = readFileSync(file, 'utf8');
  for (const [from, to] of edits) {
    expect(source.split(from), `${from} in ${file}`).toHaveLength(2);
    expect(to).not.toBe(from);
  }
}

test.each(MUTANTS.map((mutant) => [mutant.what, mutant] as const))(
  'that %s can still be planted, and its tests are there',
  (_what, { file, edits, tests }) => {
    expectPlantable({ file, edits });
    expect(tests.filter((name) => !existsSync(name))).toEqual([]);
    expect(tests.length).toBeGreaterThan(0);
  },
);

test.each(UNTRUTHS.map((untruth) => [untruth.what, untruth] as const))(
  'that %s can still be planted, and its peer is there',
  (_what, { file, edits, peer }) => {
    expectPlantable({ file, edits });
    expect(existsSync(`peers/${peer}.ts`)).toBe(true);
  },
);

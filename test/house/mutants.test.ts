import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MUTANTS } from '../../scripts/mutants/table.ts';

test.each(MUTANTS.map((mutant) => [mutant.what, mutant] as const))(
  'that %s can still be planted, and its tests are there',
  (_what, { file, edits, tests }) => {
    const source = readFileSync(file, 'utf8');
    for (const [from, to] of edits) {
      expect(source.split(from), `${from} in ${file}`).toHaveLength(2);
      expect(to).not.toBe(from);
    }
    expect(tests.filter((name) => !existsSync(name))).toEqual([]);
    expect(tests.length).toBeGreaterThan(0);
  },
);

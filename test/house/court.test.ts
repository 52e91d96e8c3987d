import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FINDINGS } from '../../src/monitor/domain/detect/register.ts';
import { SEVERITIES } from '../../src/monitor/domain/finding/finding.ts';
import { JUDGED_CODES } from '../../src/proving/court/truth/ground-truth.ts';
import { FINDING_NAMES, SEVERITY_NAMES } from '../../src/proving/scenario/finding-names.ts';

test('the court names every finding of the register, in the same order of precedence', () => {
  expect(FINDING_NAMES).toEqual(FINDINGS.map(({ code }) => code));
  expect(SEVERITY_NAMES).toEqual(SEVERITIES);
});

test('the court has a rule for every finding, or says why it needs none', () => {
  expect([...JUDGED_CODES].sort()).toEqual(FINDINGS.map(({ code }) => code).sort());
});

test('nothing judges outside of the court', () => {
  const engine = readdirSync('bench/chaos', { recursive: true, encoding: 'utf8' });
  const judging = engine.filter(
    (name) =>
      name.endsWith('.ts') &&
      /conditionsOf|pendingLives|kind: '[a-z ]+',\s*secret/.test(readFileSync(`bench/chaos/${name}`, 'utf8')),
  );
  expect(judging).toEqual([]);
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DETECTORS, FINDINGS } from '../../src/domain/detect/register.ts';
import { FINDING_CODES } from '../../src/domain/finding.ts';

test('every finding code is described once, in the order of precedence', () => {
  expect(FINDINGS.map(({ code }) => code)).toEqual(FINDING_CODES);
});

test.each(FINDINGS.map(({ code }) => code))(
  '%s has a file, a test and a line in the findings page',
  (code) => {
    expect(existsSync(`src/domain/detect/${code}.ts`)).toBe(true);
    expect(existsSync(`test/unit/domain/detect/${code}.test.ts`)).toBe(true);
    expect(readFileSync('docs/findings.md', 'utf8')).toContain(`| \`${code}\` |`);
  },
);

test('every file that exports a detector is in the register', () => {
  const files = readdirSync('src/domain/detect').filter((name) =>
    /^export const \w+: Detector = /m.test(readFileSync(`src/domain/detect/${name}`, 'utf8')),
  );
  expect(files.sort()).toEqual(DETECTORS.map(({ code }) => `${code}.ts`).sort());
});

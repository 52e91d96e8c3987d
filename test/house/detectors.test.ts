import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AUDIT_DETECTORS } from '../../src/monitor/domain/audit/register.ts';
import { DETECTORS, FINDINGS } from '../../src/monitor/domain/detect/register.ts';
import { FINDING_CODES } from '../../src/monitor/domain/finding/finding.ts';

test('every finding code is described once, in the order of precedence', () => {
  expect(FINDINGS.map(({ code }) => code)).toEqual(FINDING_CODES);
});

test.each(FINDINGS.map(({ code }) => code))(
  '%s has a file, a test and a line in the findings page',
  (code) => {
    expect(existsSync(`src/monitor/domain/detect/${code}.ts`)).toBe(true);
    expect(existsSync(`test/unit/monitor/domain/detect/${code}.test.ts`)).toBe(true);
    expect(readFileSync('docs/findings.md', 'utf8')).toContain(`| \`${code}\` |`);
  },
);

test('every file that exports a detector is in the register', () => {
  const files = readdirSync('src/monitor/domain/detect').filter((name) =>
    /^export const \w+: Detector = /m.test(readFileSync(`src/monitor/domain/detect/${name}`, 'utf8')),
  );
  expect(files.sort()).toEqual(DETECTORS.map(({ code }) => `${code}.ts`).sort());
});

test.each(AUDIT_DETECTORS.map(({ code }) => code))('%s, which audits find, has a file and a line', (code) => {
  expect(existsSync(`src/monitor/domain/audit/${code}.ts`)).toBe(true);
  expect(readFileSync('docs/findings.md', 'utf8')).toContain(`| \`${code}\` |`);
  expect(readFileSync('test/unit/monitor/domain/audit/judge-audit.test.ts', 'utf8')).toContain(
    `test('${code}: `,
  );
});

test('nothing on the way to an alert knows what audits find', () => {
  const folders = [
    'src/monitor/domain/alert',
    'src/monitor/domain/detect',
    'src/monitor/domain/explain',
    'src/monitor/handlers',
    'src/monitor/adapters',
  ];
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  );
  const naming = files.filter(
    (name) =>
      name.endsWith('.ts') && !name.endsWith('/audit.ts') && /\/audit\//.test(readFileSync(name, 'utf8')),
  );
  expect(naming).toEqual([]);
});

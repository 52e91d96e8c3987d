import pc from 'picocolors';
import { expect, test } from 'vitest';
import { instant } from '../../../../src/calendar/instant.ts';
import { findingsTable } from '../../../../src/cli/sweep/sweep-text.ts';
import { NOW } from '../../../support/builders.ts';
import { aFinding } from '../../../support/sweep-results.ts';

const PLAIN = { at: NOW, colors: pc.createColors(false), columns: undefined };

test('findingsTable has one line for each finding in a pipe, however long', () => {
  const findings = [
    aFinding({ what: 'w'.repeat(500) }),
    aFinding({ severity: 'CRITICAL', secretName: 'a-longer-name' }),
  ];
  const [head, first, second, ...rest] = findingsTable(findings, PLAIN).split('\n');
  expect(rest).toEqual([]);
  expect(head).toMatch(/^SEVERITY {2}SECRET {9}CODE {11}SINCE {17}AGE {2}WHAT$/);
  expect(first).toBe(`HIGH      prod/db        stuck-pending  2026-11-21T08:00:00Z  2 h  ${'w'.repeat(500)}`);
  expect(second).toMatch(/^CRITICAL {2}a-longer-name {2}stuck-pending/);
});

test('findingsTable fits a terminal: it wraps the last column', () => {
  const lines = findingsTable([aFinding()], { ...PLAIN, columns: 110 }).split('\n');
  expect(lines.length).toBeGreaterThan(2);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(110);
});

test('findingsTable leaves the last column out where it cannot be read', () => {
  const lines = findingsTable([aFinding()], { ...PLAIN, columns: 80 }).split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/AGE$/);
});

test('findingsTable drops fractions of seconds and what could steer a terminal', () => {
  const finding = aFinding({
    secretName: 'a\u001B[31m',
    since: instant(Date.parse('2026-11-21T08:00:00.999Z')),
  });
  expect(findingsTable([finding], PLAIN)).toContain('a[31m   stuck-pending  2026-11-21T08:00:00Z');
});

test('findingsTable colours the severity on a terminal', () => {
  const colors = pc.createColors(true);
  for (const [severity, painted] of [
    ['CRITICAL', colors.bold(colors.red('CRITICAL'))],
    ['HIGH', colors.red('HIGH')],
    ['MEDIUM', colors.yellow('MEDIUM')],
    ['LOW', colors.cyan('LOW')],
    ['INFORMATIONAL', colors.dim('INFORMATIONAL')],
  ] as const) {
    expect(findingsTable([aFinding({ severity })], { ...PLAIN, colors })).toContain(painted);
  }
});

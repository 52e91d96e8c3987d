import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CHECKS } from '../../src/monitor/application/doctor/checks.ts';
import { MEMBER_CHECKS } from '../../src/monitor/application/doctor/member-checks.ts';

const DIAGNOSING = /\bdiagnosing\('([\w-]+)'\)/g;

/** The names that lines of the doctor lead with. */
const names = new Set([
  ...[...CHECKS, ...MEMBER_CHECKS].map(({ name }) => name),
  ...readdirSync('src/monitor/domain/doctor').flatMap((file) =>
    [...readFileSync(join('src/monitor/domain/doctor', file), 'utf8').matchAll(DIAGNOSING)].map(
      ([, name = '']) => name,
    ),
  ),
]);

test('every line of the doctor names a part of its page that is there, and no part is about nothing', () => {
  const page = readFileSync('docs/doctor.md', 'utf8');
  const parts = [...page.matchAll(/^## ([a-z-]+)$/gm)].map(([, part = '']) => part);
  expect(parts.toSorted()).toEqual([...names].toSorted());
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FINDING_CODES, SEVERITIES } from '../../../../../src/monitor/domain/finding/finding.ts';
import { subjectLine } from '../../../../../src/monitor/domain/message/render-message.ts';

test('a subject that fits is whole', () => {
  const parts = {
    head: 'HIGH',
    name: 'prod/orders/db',
    code: 'stuck-pending',
    standing: ' (still open, 1 d)',
  };
  expect(subjectLine(parts)).toBe('[HIGH] prod/orders/db: stuck-pending (still open, 1 d)');
});

test('of a long name the end is kept, and the code whole', () => {
  const name = `${'a'.repeat(480)}/prod/eu-west-1/orders/database`;
  const subject = subjectLine({ head: 'CRITICAL', name, code: 'rotation-failed', standing: '' });
  expect(subject).toMatch(/^\[CRITICAL\] \.\.\.a+\/prod\/eu-west-1\/orders\/database: rotation-failed$/);
  expect(subject).toHaveLength(99);
});

test('every code and the end of every name survive, within what SNS takes', () => {
  const standings = ['', ' (was rotation-failed)', ' (still open, 12 d)', ' (not acknowledged, 200 in all)'];
  fc.assert(
    fc.property(
      fc.constantFrom(...SEVERITIES),
      fc.constantFrom(...FINDING_CODES),
      fc.string({ unit: fc.constantFrom(...'abcXYZ019/_+=.@-'), minLength: 1, maxLength: 512 }),
      fc.constantFrom(...standings),
      (head, code, name, standing) => {
        const subject = subjectLine({ head, name, code, standing }).slice(0, 99);
        expect(subject).toContain(`: ${code}`);
        expect(subject).toContain(`${name.slice(-9)}: `);
      },
    ),
  );
});

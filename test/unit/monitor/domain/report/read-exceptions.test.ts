import { expect, test } from 'vitest';
import { readExceptions } from '../../../../../src/monitor/domain/report/read-exceptions.ts';
import { at } from '../../../../support/builders.ts';
import { EXCEPTED } from '../../../../support/exceptions.ts';

const EXCEPTION = {
  ...EXCEPTED,
  approvedBy: 'bob',
  grantedAt: '2026-01-01',
  until: '2027-02-04',
};

test('an exception is read with its dates: the last day is part of it', () => {
  expect(readExceptions([EXCEPTION])).toEqual({
    exceptions: [{ ...EXCEPTION, grantedAt: at('2026-01-01T00:00:00Z'), until: at('2027-02-05T00:00:00Z') }],
  });
});

test.each<[object, RegExp]>([
  [{ until: '2027-02-05' }, /longer than 400 days/],
  [{ until: '2025-12-31' }, /ends before it begins/],
  [{ approvedBy: 'alice' }, /approver/],
  [{ approvedBy: 'Alice' }, /approver/],
  [{ approvedBy: 'arn:aws:sts::111122223333:assumed-role/operator/alice' }, /approver/],
  [{ secretArn: 'prod/db' }, /secretArn/],
  [{ control: 'SecretsManager.9' }, /SecretsManager\.1,/],
  [{ reason: '' }, /reason/],
  [{ grantedAt: 'today' }, /grantedAt/],
  [{ requestedBy: '' }, /requestedBy/],
  [{ requestedBy: ['bob'] }, /requestedBy/],
  [{ tiket: 'SEC-7' }, /unknown field "tiket"/],
])('with %j it is refused', (given, said) => {
  const read = readExceptions([EXCEPTION, { ...EXCEPTION, ...given }]);
  expect('faults' in read && read.faults.join('\n')).toMatch(said);
  expect('faults' in read && read.faults.join('\n')).toMatch(/^Exception 2 /);
});

test('all faults are named at once, and what is no list is refused', () => {
  const read = readExceptions([{}, 7]);
  expect('faults' in read && read.faults.length).toBeGreaterThan(10);
  expect(readExceptions({ EXCEPTION })).toEqual({ faults: ['Expected a list of exceptions.'] });
});

test('a ticket may be a number, as YAML reads one', () => {
  const read = readExceptions([{ ...EXCEPTION, ticket: 1042 }]);
  expect('exceptions' in read && read.exceptions[0]?.ticket).toBe('1042');
});

import { expect, test } from 'vitest';
import { normal } from '../../../../peers/support/normal.ts';
import { DAY } from '../../../../src/calendar/instant.ts';

test.each([
  [
    'the end of an ARN',
    'arn:aws:secretsmanager:eu-west-1:444455556666:secret:app/db-AbC123',
    'arn:aws:secretsmanager:eu-west-1:111122223333:secret:app/db-??????',
  ],
  ['an id', '5f6224ce-1315-4788-afd7-cd9401bf4cf3', 'an id'],
  ['an endpoint', 'http://127.0.0.1:4599/111122223333/moves', 'http://endpoint/111122223333/moves'],
  ['a date', { date: Date.now() / 1000 }, 'a date, 0 days from now'],
  ['a date as text', { date: new Date(Date.now() + 7 * DAY).toISOString() }, 'a date, 7 days from now'],
  ['a token', { NextToken: 'AbC' }, { NextToken: 'a NextToken' }],
])('%s differs from run to run', (_what, value, expected) => {
  expect(normal(value)).toEqual(expected);
});

test.each([
  ['an id that the caller chose', '22222222-2222-4222-8222-222222222222'],
  ['labels in their order', ['AWSPENDING', 'AWSCURRENT']],
  ['a date that is not there', { LastRotatedDate: null }],
])('%s is compared as it is', (_what, value) => {
  expect(normal(value)).toEqual(value);
});

test('the body of a message is compared as the JSON it holds', () => {
  expect(normal({ Body: '{"Message":"m","Timestamp":"2026-11-30T06:00:00Z"}' })).toEqual({
    Body: { Message: 'm', Timestamp: 'a Timestamp' },
  });
});

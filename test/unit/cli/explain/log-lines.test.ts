import { expect, test } from 'vitest';
import { HOUR, later, SECOND } from '../../../../src/calendar/instant.ts';
import { logLines, redactLine } from '../../../../src/cli/explain/log-lines.ts';
import type { SecretView } from '../../../../src/monitor/application/operate/view-secret.ts';
import { aFinding } from '../../../support/alerts.ts';
import { aPending, aSecret, facts, NOW } from '../../../support/builders.ts';

test('the latest 20 error lines of an attempt are shown, and no more', async () => {
  const since = later(NOW, -HOUR);
  const secret = aSecret();
  const view = {
    at: NOW,
    secret,
    facts: facts({ pending: aPending(HOUR) }),
    findings: [{ ...aFinding(), logs: { group: '/aws/lambda/rotate', since } }],
    remembered: undefined,
  } as unknown as SecretView;
  const lines = Array.from({ length: 25 }, (_, index) => ({
    at: later(since, index * SECOND),
    stream: 'a',
    text: `Error no. ${index} of ${secret.arn}`,
  }));
  const [head, ...shown] = await logLines(view, { lines: async () => ({ lines, isWhole: true }) });
  expect(head).toBe('/aws/lambda/rotate: the latest 20 error lines of this attempt, redacted.');
  const numbers = shown.flatMap((line) => /Error no\. (\d+)/.exec(line)?.[1] ?? []);
  expect(numbers).toEqual(Array.from({ length: 20 }, (_, index) => String(index + 5)));
});

test.each([
  'password=hunter2horse!',
  '{"username": "app", "password": "hunter2horse!"}',
  "{'master_password': 'hunter2horse!'}",
  'Authorization: Bearer hunter2horse!',
  'connect postgres://app:hunter2horse!@db:5432/orders',
  'SecretString: "hunter2horse!"',
  'DB_PWD=hunter2horse!; retry',
])('the value is not shown: %s', (line) => {
  expect(redactLine(line)).toContain('<redacted>');
  expect(redactLine(line)).not.toContain('hunter2horse!');
});

test('a value in quotes that the line cuts off is not shown', () => {
  for (const quote of ['"', "'"])
    expect(redactLine(`retrying with password=${quote}correct horse battery`)).toBe(
      'retrying with password=<redacted>',
    );
  expect(redactLine('password="correct horse\\')).toBe('password=<redacted>');
  const long = `token="${'x'.repeat(2950)}" password="correct horse battery staple"`;
  expect(redactLine(long)).not.toMatch(/horse|battery|staple/);
});

test('access keys and words like made passwords are not shown', () => {
  expect(redactLine('key AKIAIOSFODNN7EXAMPLE was used')).toBe('key <redacted> was used');
  expect(redactLine('tried xK9$mPq2Lr7vTz4w once')).toBe('tried <redacted> once');
});

test.each([
  '[ERROR] 2026-11-21T08:00:00Z RequestId: 11111111-1111-4111-8111-111111111111 TimeoutError: no answer',
  'setSecret: Unable to log into database with previous, current, or pending secret of arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf',
])('what tells of the cause stays: %s', (line) => {
  const shown = redactLine(line);
  for (const word of [
    'RequestId',
    'TimeoutError',
    '11111111-1111-4111-8111-111111111111',
    'Unable to log into database',
  ])
    if (line.includes(word)) expect(shown).toContain(word);
});

test('a line is one bounded line', () => {
  expect(redactLine(`a\u001B[2Jb${'x'.repeat(1000)}`)).not.toContain('\u001B');
  expect(redactLine('x '.repeat(1000)).length).toBeLessThanOrEqual(300);
});

import pc from 'picocolors';
import { expect, test } from 'vitest';
import { HOUR, later } from '../../../../src/calendar/instant.ts';
import { sweepText } from '../../../../src/cli/sweep/sweep-text.ts';
import { NOW } from '../../../support/builders.ts';
import { aFinding, anAuditFinding, aResult } from '../../../support/sweep-results.ts';

const FRAME = { colors: pc.createColors(false), columns: undefined, elapsedMs: 1234 };

test('sweepText of a clean sweep says so and what it cost', () => {
  expect(sweepText(aResult({ observed: 1234, apiCalls: 13, suspects: 1, inProgress: 1 }), FRAME)).toBe(
    [
      'Account 111122223333, eu-west-1, at 2026-11-21T10:00:00Z: no findings.',
      '',
      '1,234 secrets checked, 1 suspect, 1 rotation in progress, 0 unverifiable; 13 calls in 1.2 s.',
      '',
    ].join('\n'),
  );
});

test.each([
  [1, ' 1 replica not judged: sweep the region of its primary.'],
  [12, ' 12 replicas not judged: sweep the regions of their primaries.'],
])('sweepText says that %i replicas were not judged', (replicas, said) => {
  expect(sweepText(aResult({ replicas }), FRAME).trimEnd().endsWith(said)).toBe(true);
});

test('sweepText explains each finding: why, what is at risk, and what to type', () => {
  const text = sweepText(aResult({ findings: [aFinding()], suspects: 1, apiCalls: 3 }), FRAME);
  expect(text).toContain('eu-west-1, at 2026-11-21T10:00:00Z: 1 finding\n\nSEVERITY');
  expect(text).toContain(
    [
      'HIGH prod/db: stuck-pending',
      '  arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf',
      `  ${aFinding().what}`,
      '  Why',
      `    - ${aFinding().why[0]}`,
      '  Credential in use: may be dead',
      '    Applications may fail to log in.',
      '  What to do',
      '    1. Read the log.',
      '       aws logs tail /aws/lambda/rotate',
      '    2. Then rotate.',
      '  Links',
      '    Console: https://eu-west-1.console.aws.amazon.com/secretsmanager/secret?name=prod%2Fdb&region=eu-west-1',
      '    Runbook: docs/runbooks/stuck-pending.md',
      '  Acknowledge',
      '    Use the command in the alert of your monitor. This sweep has sent none.',
      '',
    ].join('\n'),
  );
});

test('sweepText leads to the log of that time, a published runbook and the function that takes acknowledgements', () => {
  const logs = { group: '/platform/rotation', since: later(NOW, -HOUR) };
  const acknowledgeFunctionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:monitor-acknowledge';
  const runbookBaseUrl = 'https://wiki.example.com/runbooks';
  const text = sweepText(
    aResult({ findings: [aFinding({ logs })], acknowledgeFunctionArn, runbookBaseUrl }),
    FRAME,
  );
  expect(text).toMatch(/ {4}Logs: https:\S+log-group\/\$252Fplatform\$252Frotation\//);
  expect(text).toContain('    Runbook: https://wiki.example.com/runbooks/stuck-pending.md\n');
  expect(text).toMatch(
    / {7}aws lambda invoke --function-name \S+:monitor-acknowledge .*"secretId":"\S+prod\/db-AbCdEf"/,
  );
});

test('sweepText says when the account is unknown', () => {
  expect(sweepText(aResult({ account: undefined }), FRAME)).toMatch(/^Account unknown, eu-west-1/);
});

test('sweepText lists what an audit found after the findings, each risk once', () => {
  const findings = [anAuditFinding(), anAuditFinding({ secretName: 'prod/b', since: undefined })];
  const text = sweepText(aResult({ audit: { findings, incomplete: 1 } }), FRAME);
  expect(text).toContain(
    ': no findings.\n\nAudit: 2 findings. 1 secret could not be audited in full.\n\nSEVERITY',
  );
  expect(text).toMatch(/LOW +prod\/db +unused +2026-11-21T08:00:00Z +2 h +Nobody/);
  expect(text).toMatch(/LOW +prod\/b +unused +- +- +Nobody/);
  expect(text.match(/See docs\/runbooks\/unused\.md/g)).toHaveLength(1);
  expect(sweepText(aResult({ audit: { findings: [], incomplete: 0 } }), FRAME)).toContain(
    'Audit: nothing found.',
  );
});

test('at 80 columns neither the table nor the text is wider, and both are broken between words', () => {
  const findings = [
    aFinding({ secretName: 'partner/a-rather-long-license-key/of-them', code: 'rotation-retries-exhausted' }),
    aFinding(),
  ];
  const audit = { findings: [anAuditFinding({ secretName: 'partner/license-key/of-them' })], incomplete: 0 };
  const text = sweepText(aResult({ findings, audit }), { ...FRAME, columns: 80 });
  const isCommand = (line: string) => /^ *(aws|https:|arn:)/.test(line);
  expect(text.split('\n').filter((line) => line.length > 80 && !isCommand(line))).toEqual([]);
  expect(text).toMatch(/^HIGH +partner\/a-rather-long- +rotation- +2026-11-21T08:00:00Z +2 h$/m);
  expect(text).toMatch(/^ +license-key\/of-them +retries-\n +exhausted$/m);
});

import { expect, test } from 'vitest';
import { DAY, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { renderAudit } from '../../../../../src/monitor/domain/message/render-audit.ts';
import type { CompletedAudit, OwnerResult } from '../../../../../src/monitor/domain/report/audit-record.ts';
import { NOW } from '../../../../support/builders.ts';
import { TARGET } from '../../../../support/service.ts';

const PLACE = { home: TARGET, bucketName: 'example-audits', keyPrefix: 'audits/' };
const result = (given: Partial<OwnerResult> = {}): OwnerResult => ({
  ...{ owner: undefined, secrets: 12, passed: 9, failed: 2, unknown: 1, skipped: 0 },
  worst: ['prod/db: SecretsManager.1', 'prod/api: SecretsManager.4'],
  ...given,
});
const audit = (given: Partial<CompletedAudit> = {}): CompletedAudit => ({
  ...{ from: later(NOW, -7 * DAY), to: NOW, readAt: NOW, completedAt: later(NOW, MINUTE), notRead: 0 },
  manifest: { key: 'manifests/m.json', sha256: 'ab12', versionId: 'v1' },
  page: { key: 'reports/r/audit.html', sha256: 'cd34', versionId: 'v2' },
  results: [],
  before: [],
  isTold: false,
  ...given,
});

test('a summary has the counts, the worst secrets, a link and the proof', () => {
  const { subject, text, attributes, severity } = renderAudit(audit(), result(), PLACE);
  expect(subject).toBe('[MEDIUM] Audit of 12 secrets: 2 failed');
  expect(severity).toBe('MEDIUM');
  expect(text).toContain('Passed: 9 secrets\nFailed: 2 secrets\nCould not be judged: 1 secret\n');
  expect(text).toContain('The 2 worst\n- prod/db: SecretsManager.1\n');
  expect(text).toContain(
    'https://eu-west-1.console.aws.amazon.com/s3/object/example-audits?region=eu-west-1&prefix=audits%2Freports%2Fr%2Faudit.html&versionId=v2\n',
  );
  expect(text).toContain('does not expire.');
  expect(text).toContain(
    'rotation-monitor audit verify s3://example-audits/audits/ --region eu-west-1 --head ab12',
  );
  expect(attributes).toEqual({
    ...TARGET,
    severity: 'MEDIUM',
    code: 'audit-summary',
    transition: 'opened',
  });
});

test('the difference to the audit before is that of the same owner', () => {
  const before = [result({ failed: 7 }), result({ owner: 'payments', passed: 9, failed: 1, unknown: 2 })];
  const { text, attributes, chat } = renderAudit(audit({ before }), result({ owner: 'payments' }), PLACE);
  expect(text).toContain('Passed: 9 secrets (as before)');
  expect(text).toContain('Failed: 2 secrets (1 more)');
  expect(text).toContain('Could not be judged: 1 secret (1 fewer)');
  expect(attributes['owner']).toBe('payments');
  expect(chat.threadId).toContain('payments');
});

test('what an exception let off, or is deleted, has not passed', () => {
  const { text } = renderAudit(audit({ before: [result()] }), result({ passed: 7, skipped: 2 }), PLACE);
  expect(text).toContain('Passed: 7 secrets (2 fewer)\n');
  expect(text).toContain('\nExcepted or deleted: 2 secrets (2 more)\n');
  expect(renderAudit(audit(), result(), PLACE).text).not.toContain('Excepted');
});

test.each([
  [{ failed: 0, unknown: 0, worst: [] }, {}, 'INFORMATIONAL'],
  [{ failed: 0, unknown: 1, worst: [] }, {}, 'LOW'],
  [{ failed: 0, unknown: 0, worst: [] }, { notRead: 1 }, 'LOW'],
  [{ failed: 1 }, {}, 'MEDIUM'],
] as const)('counts %o of an audit %o are %s', (counts, given, severity) => {
  expect(renderAudit(audit(given), result(counts), PLACE).severity).toBe(severity);
});

test('names of secrets cannot bring lines of their own', () => {
  const { text } = renderAudit(audit(), result({ worst: ['a\nREPORT\nhttps://example.com: X'] }), PLACE);
  expect(text.split('\n').filter((line) => line === 'REPORT')).toHaveLength(1);
});

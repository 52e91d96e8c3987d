import { expect, test } from 'vitest';
import type { ControlStatus } from '../../../../../src/monitor/domain/report/control-verdict.ts';
import { observed } from '../../../../../src/monitor/domain/report/figure.ts';
import { ocsfFinding } from '../../../../../src/monitor/domain/report-format/ocsf-finding.ts';
import { at } from '../../../../support/builders.ts';
import { aProvenance, aSecretAudit, aStream, aVerdict, written } from '../../../../support/reports.ts';
import { judgedBy } from '../../../../support/schemas.ts';

const faults = judgedBy('audit-ocsf.schema.json');
const finding = (verdict = aVerdict(), secret = aSecretAudit()): object =>
  structuredClone(ocsfFinding(secret, verdict, aProvenance()));

test('every line of a report is a Compliance Finding of OCSF 1.6.0', async () => {
  const lines = (await written('ocsf', aStream([aSecretAudit(), aSecretAudit({ owner: undefined })])))
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(16);
  expect(lines.flatMap((line) => faults(JSON.parse(line)))).toEqual([]);
});

test("Security Hub's own result is what OCSF has no attribute for", () => {
  const judged = finding(aVerdict({ securityHub: observed('FAILED') }));
  expect(judged).toMatchObject({ unmapped: { security_hub: 'FAILED' } });
  expect(faults(judged)).toEqual([]);
  expect(finding()).not.toHaveProperty('unmapped');
});

test('the id stays from audit to audit, and differs by control and by secret', () => {
  const uid = (provenance = aProvenance(), verdict = aVerdict(), secret = aSecretAudit()) =>
    (ocsfFinding(secret, verdict, provenance) as { finding_info: { uid: string } }).finding_info.uid;
  const later = aProvenance({ readAt: at('2026-07-01T06:00:00Z'), version: '0.2.0' });
  const others = [
    uid(later, aVerdict({ control: 'SecretsManager.2' })),
    uid(
      later,
      aVerdict(),
      aSecretAudit({ secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:b-AbCdEf' }),
    ),
  ];
  expect(uid(later)).toBe(uid());
  expect(new Set([uid(), ...others]).size).toBe(3);
});

test.each<[ControlStatus, number, string]>([
  ['ok', 1, 'Informational'],
  ['alarm', 3, 'Medium'],
  ['error', 2, 'Medium'],
  ['info', 99, 'Informational'],
  ['skip', 99, 'Informational'],
])('%s is status %i of severity %s', (status, status_id, severity) => {
  expect(finding(aVerdict({ status }))).toMatchObject({
    severity,
    status_id: 1,
    compliance: { status_id, status_code: status },
  });
});

test('an exception in force suppresses the finding and says why', () => {
  const exception = {
    secretArn: aSecretAudit().secretArn,
    control: 'SecretsManager.1' as const,
    reason: 'the vendor migrates in May',
    ticket: 'SEC-7',
    requestedBy: 'ada',
    approvedBy: 'eve',
    grantedAt: at('2026-01-01T00:00:00Z'),
    until: at('2026-06-01T00:00:00Z'),
  };
  const suppressed = finding(aVerdict({ status: 'skip', exception }));
  expect(suppressed).toMatchObject({ status_id: 3, status: 'Suppressed' });
  expect(JSON.stringify(suppressed)).toContain('the vendor migrates in May');
  expect(faults(suppressed)).toEqual([]);
});

test('the finding of a deleted secret is archived', () => {
  const deleted = aSecretAudit({ deletedAt: at('2026-03-01T00:00:00Z') });
  expect(finding(aVerdict(), deleted)).toMatchObject({ status_id: 5 });
});

test.each<[string, object]>([
  ['a time in seconds', { time: 1_775_023_200 }],
  ['a type that does not fit the activity', { type_uid: 200_302 }],
  ['another class', { class_uid: 2004 }],
  ['the deprecated resource', { resource: { uid: 'a' } }],
  ['a status that the class does not have', { status_id: 7 }],
  ['no finding_info', { finding_info: undefined }],
  [
    'another version of OCSF',
    { metadata: { version: '1.1.0', profiles: ['cloud', 'datetime'], product: {} } },
  ],
])('%s is refused', (_, planted) => {
  expect(faults(JSON.parse(JSON.stringify({ ...finding(), ...planted })))).not.toEqual([]);
});

import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub';
import { expect, test } from 'vitest';
import type { ControlStatus } from '../../../../../src/monitor/domain/report/control-verdict.ts';
import { observed } from '../../../../../src/monitor/domain/report/figure.ts';
import {
  archivedFinding,
  asffFinding,
} from '../../../../../src/monitor/domain/report-format/asff-finding.ts';
import type { AsffFinding } from '../../../../../src/monitor/domain/report-format/asff-shape.ts';
import { controlOfFinding } from '../../../../../src/monitor/domain/report-format/finding-identity.ts';
import { at } from '../../../../support/builders.ts';
import { aProvenance, aSecretAudit, aStream, aVerdict, written } from '../../../../support/reports.ts';
import { judgedBy } from '../../../../support/schemas.ts';

const judge = judgedBy('audit-asff.schema.json');
const faults = (finding: object) => judge([JSON.parse(JSON.stringify(finding))]);
const finding = (verdict = aVerdict(), secret = aSecretAudit()): AsffFinding =>
  asffFinding(secret, verdict, aProvenance());

/** The compiler checks that the SDK takes the shape. */
const sdkTakes = (given: AsffFinding): AwsSecurityFinding => ({
  ...given,
  Resources: [...given.Resources],
  Compliance: { ...given.Compliance, RelatedRequirements: [...given.Compliance.RelatedRequirements] },
  FindingProviderFields: {
    ...given.FindingProviderFields,
    Types: [...given.FindingProviderFields.Types],
  },
});

test('a report is an array of findings within the limits of Security Hub', async () => {
  const report = JSON.parse(await written('asff', aStream([aSecretAudit(), aSecretAudit()])));
  expect(report).toHaveLength(16);
  expect(judge(report)).toEqual([]);
});

test('a report without secrets is an empty array', async () => {
  expect(JSON.parse(await written('asff', aStream([])))).toEqual([]);
});

test('the SDK takes a finding as it is, and people keep their workflow', () => {
  const sent = sdkTakes(finding());
  expect(sent.Workflow).toBeUndefined();
  expect(sent.Severity).toBeUndefined();
  expect(sent.ProductArn).toBe('arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default');
});

test.each<[ControlStatus, string, string]>([
  ['ok', 'PASSED', 'INFORMATIONAL'],
  ['alarm', 'FAILED', 'MEDIUM'],
  ['error', 'WARNING', 'MEDIUM'],
  ['info', 'NOT_AVAILABLE', 'INFORMATIONAL'],
  ['skip', 'NOT_AVAILABLE', 'INFORMATIONAL'],
])('%s is %s of severity %s, and stays active', (status, Status, Label) => {
  expect(finding(aVerdict({ status }))).toMatchObject({
    Compliance: { Status },
    FindingProviderFields: { Severity: { Label, Original: 'MEDIUM' } },
    RecordState: 'ACTIVE',
  });
});

test("Security Hub's own result is a field of the product", () => {
  const name = 'secret-rotation-monitor/security-hub';
  expect(finding(aVerdict({ securityHub: observed('FAILED') })).ProductFields[name]).toBe('FAILED');
  expect(finding().ProductFields).not.toHaveProperty([name]);
});

test('the finding of a deleted secret is archived', () => {
  expect(finding(aVerdict(), aSecretAudit({ deletedAt: at('2026-03-01T00:00:00Z') })).RecordState).toBe(
    'ARCHIVED',
  );
});

test('the longest texts stay within the limits, and ids of long names stay apart', () => {
  const long = (end: string) =>
    aSecretAudit({
      secretName: 'n'.repeat(512),
      secretArn: `arn:aws-us-gov:secretsmanager:us-gov-west-1:111122223333:secret:${'n'.repeat(511)}${end}-AbCdEf`,
    });
  const verdict = aVerdict({
    reason: 'r'.repeat(3000),
    evidence: Array.from({ length: 80 }, () => 'e'.repeat(3000)),
  });
  const [one, two] = [finding(verdict, long('a')), finding(verdict, long('b'))];
  expect(faults(one)).toEqual([]);
  expect(one.Id).toHaveLength(512);
  expect(one.Id).not.toBe(two.Id);
});

test('an id names its control; others name none', () => {
  expect(controlOfFinding(finding().Id)).toBe('SecretsManager.1');
  expect(controlOfFinding('arn:aws:securityhub:eu-west-1::finding/1')).toBeUndefined();
  expect(controlOfFinding('secret-rotation-monitor/__proto__/a')).toBeUndefined();
});

test('an archived finding is the same as before in all that identifies it', () => {
  const { secretArn, account, region } = aSecretAudit();
  const archived = archivedFinding(
    { control: 'SecretsManager.1', secretArn, account, region, because: 'The secret is deleted.' },
    aProvenance(),
  );
  expect(archived).toMatchObject({
    Id: finding().Id,
    RecordState: 'ARCHIVED',
    Description: 'prod/orders/db: The secret is deleted.',
  });
  expect(faults(archived)).toEqual([]);
});

test.each<[string, object]>([
  ['a title of 257 characters', { Title: 't'.repeat(257) }],
  ['a workflow', { Workflow: { Status: 'RESOLVED' } }],
  ['no product', { ProductArn: undefined }],
  ['the product of another', { ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/securityhub' }],
  ['a status of compliance that is none', { Compliance: { Status: 'PASS' } }],
  ['a moment without a zone', { UpdatedAt: '2026-04-01 06:00:00' }],
  ['no resource', { Resources: [] }],
])('%s is refused', (_, planted) => {
  expect(faults({ ...finding(), ...planted })).not.toEqual([]);
});

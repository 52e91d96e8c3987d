import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { describe, expect, test } from 'vitest';
import { memoryFindingsHub } from '../../src/monitor/adapters/memory/audit/memory-findings-hub.ts';
import { securityHubFindings } from '../../src/monitor/adapters/security-hub/security-hub-findings.ts';
import { asffFinding } from '../../src/monitor/domain/report-format/asff-finding.ts';
import { aProvenance, aSecretAudit, aVerdict } from '../support/reports.ts';
import { aSimulator, sdk } from '../support/simulated.ts';
import { findingsHubContract } from './findings-hub.suite.ts';

/** Security Hub of an empty simulated account. */
function open() {
  const simulator = aSimulator();
  const client = new SecurityHubClient(sdk(simulator));
  return { simulator, hub: securityHubFindings(client, simulator.home, 'aws') };
}

describe('memoryFindingsHub', () => {
  findingsHubContract(async () => memoryFindingsHub());
});

describe('securityHubFindings', () => {
  findingsHubContract(async () => open().hub);

  test('findings of others are not ours', async () => {
    const { simulator, hub } = open();
    const own = asffFinding(aSecretAudit(), aVerdict(), aProvenance());
    const Findings = [{ ...own, Id: 'other', GeneratorId: 'aws-foundational-security-best-practices' }];
    await simulator.call('securityhub', 'BatchImportFindings', { Findings }, 'other');
    expect((await hub.known()).found).toEqual([]);
  });

  test('a refused finding is named with the code of Security Hub', async () => {
    const { hub } = open();
    const own = asffFinding(aSecretAudit(), aVerdict(), aProvenance());
    expect(await hub.import([{ ...own, Title: '' }])).toMatchObject([
      { id: own.Id, code: 'InvalidInput', retryable: false },
    ]);
  });

  test('where Security Hub is off, calls are denied, and retrying does not help', async () => {
    const { simulator, hub } = open();
    simulator.securityHub.setEnabled(false);
    await expect(hub.known()).rejects.toMatchObject({
      name: 'FindingsHubError',
      reason: 'denied',
      retryable: false,
    });
  });
});

const OTHER = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/other-AbCdEf';

describe('verdicts', () => {
  test('a hub in memory has the verdicts that it was given', async () => {
    const hub = memoryFindingsHub();
    hub.judge(OTHER, 'SecretsManager.1', 'FAILED');
    expect(await hub.verdicts([OTHER])).toEqual(new Map([[OTHER, { 'SecretsManager.1': 'FAILED' }]]));
    expect(await hub.verdicts([])).toEqual(new Map());
  });

  test('of the findings of Security Hub itself the worst of a control counts; others and archived ones do not', async () => {
    const { simulator, hub } = open();
    const own = asffFinding(aSecretAudit({ secretArn: OTHER }), aVerdict(), aProvenance());
    const ids = ['passed', 'failed', 'again', 'archived', 'ours', 'another'];
    const Findings = ids.map((Id) => ({ ...own, Id }));
    await simulator.call('securityhub', 'BatchImportFindings', { Findings }, 'other');
    const ProductArn = 'arn:aws:securityhub:eu-west-1::product/aws/securityhub';
    const edit = (id: string, control: string, Status: string, more: object = { ProductArn }) =>
      simulator.securityHub.edit(id, { Compliance: { Status, SecurityControlId: control }, ...more });
    edit('passed', 'SecretsManager.1', 'PASSED');
    edit('failed', 'SecretsManager.1', 'FAILED');
    edit('again', 'SecretsManager.1', 'PASSED');
    edit('archived', 'SecretsManager.2', 'FAILED', { ProductArn, RecordState: 'ARCHIVED' });
    edit('ours', 'SecretsManager.3', 'FAILED', {});
    edit('another', 'IAM.1', 'FAILED');
    const many = Array.from({ length: 19 }, (_, index) => `${OTHER}-${index}`);
    expect(await hub.verdicts([...many, OTHER])).toEqual(
      new Map([[OTHER, { 'SecretsManager.1': 'FAILED' }]]),
    );
    simulator.securityHub.setEnabled(false);
    await expect(hub.verdicts([OTHER])).rejects.toMatchObject({
      name: 'FindingsHubError',
      reason: 'denied',
      message: expect.stringContaining('or Security Hub is not enabled there'),
    });
  });
});

import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { describe, expect, test } from 'vitest';
import { memoryFindingsHub } from '../../src/monitor/adapters/memory/audit/memory-findings-hub.ts';
import { securityHubFindings } from '../../src/monitor/adapters/security-hub/security-hub-findings.ts';
import { asffFinding } from '../../src/monitor/domain/report-format/asff-finding.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/time/clock.ts';
import { aProvenance, aSecretAudit, aVerdict } from '../support/reports.ts';
import { START } from '../unit/simulator/open-account.ts';
import { findingsHubContract } from './findings-hub.suite.ts';

describe('memoryFindingsHub', () => {
  findingsHubContract(async () => memoryFindingsHub());
});

describe('securityHubFindings', () => {
  const open = () => {
    const simulator = createSimulator({ clock: new VirtualClock(START), seed: 1 });
    const client = new SecurityHubClient({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'pusher', secretAccessKey: 'simulated' },
      requestHandler: simulator.requestHandler('pusher'),
      maxAttempts: 1,
    });
    return { simulator, hub: securityHubFindings(client, simulator.home, 'aws') };
  };
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

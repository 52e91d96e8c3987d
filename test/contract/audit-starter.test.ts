import { LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, test } from 'vitest';
import { lambdaAuditStarter } from '../../src/monitor/adapters/lambda/lambda-audit-starter.ts';
import { memoryAuditStarter } from '../../src/monitor/adapters/memory/audit/memory-audit-starter.ts';
import type { AuditStarter } from '../../src/monitor/ports/report/audit-starter.ts';
import { aSimulator } from '../support/simulated.ts';

/** A starter, and a way to learn how often the audit has run. */
interface Opened {
  readonly starter: AuditStarter;
  readonly runs: () => Promise<number>;
}

/** Tests what every starter has to do. */
function auditStarterContract(open: () => Opened): void {
  test('each request has the audit run once', async () => {
    const { starter, runs } = open();
    expect(await runs()).toBe(0);
    await starter.start();
    await starter.start();
    expect(await runs()).toBe(2);
  });
}

function lambda(functionName: string) {
  const simulator = aSimulator();
  let runs = 0;
  simulator.functions.register('rotation-monitor-audit', () => {
    runs += 1;
    return Promise.resolve();
  });
  const client = new LambdaClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'auditor', secretAccessKey: 'simulated' },
    requestHandler: simulator.requestHandler('auditor'),
    maxAttempts: 1,
  });
  const ran = async () => {
    await simulator.clock.advance(60_000);
    return runs;
  };
  return { starter: lambdaAuditStarter(client, functionName), runs: ran };
}

describe('memoryAuditStarter', () => {
  auditStarterContract(() => {
    const starter = memoryAuditStarter();
    return { starter, runs: async () => starter.started };
  });
});

describe('lambdaAuditStarter', () => {
  auditStarterContract(() => lambda('rotation-monitor-audit'));

  test('a function that is not there is an error of the port', async () => {
    await expect(lambda('rotation-monitor-other').starter.start()).rejects.toMatchObject({
      name: 'AuditStarterError',
      reason: 'not-found',
    });
  });
});

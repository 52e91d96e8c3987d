import { LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, test } from 'vitest';
import { DAY, later, MINUTE } from '../../src/calendar/instant.ts';
import { lambdaAuditMemory } from '../../src/monitor/adapters/lambda/lambda-audit-memory.ts';
import { auditMemoryOf } from '../../src/monitor/application/audit/audit-memory-of.ts';
import { keepException } from '../../src/monitor/application/operate/keep-exception.ts';
import { readMemory } from '../../src/monitor/application/operate/read-memory.ts';
import { sweepSecrets } from '../../src/monitor/application/sweep/sweep-secrets.ts';
import { type AuditMemory, MOST_HISTORIES } from '../../src/monitor/ports/store/audit-memory.ts';
import { MonitorMemoryError } from '../../src/monitor/ports/store/monitor-memory.ts';
import { CURRENT, NOW } from '../support/builders.ts';
import { healthy, named } from '../support/secrets.ts';
import { aService, type MemoryService, TARGET } from '../support/service.ts';
import { aSimulator, sdk } from '../support/simulated.ts';

const ARN = named('prod/db').arn;
const ELSEWHERE = { ...TARGET, region: 'us-east-1' };

const EXCEPTION = {
  secretArn: ARN,
  control: 'SecretsManager.1',
  by: 'alice',
  until: '2027-03-31',
  reason: 'rotated by hand',
};

/** A monitor that has swept and knows a rotation and a change. */
async function swept(): Promise<MemoryService> {
  const service = aService();
  service.catalog.put(healthy('prod/db', { lastChangedAt: NOW }));
  await sweepSecrets(service);
  await service.store.recordAttempt({
    secretArn: ARN,
    versionId: CURRENT,
    eventId: 'e1',
    kind: 'failed',
    step: 'setSecret',
    at: NOW,
  });
  await keepException(service, EXCEPTION);
  await service.changes.recordChange({
    secretArn: ARN,
    kind: 'rotation-off',
    at: later(NOW, MINUTE),
    actor: 'alice',
  });
  return service;
}

/** Tests for every way to the memory that audits need. */
function auditMemoryContract(open: () => Promise<AuditMemory>): void {
  test('the history of a secret has its sight, its rotations and its changes', async () => {
    const memory = await open();
    const [history, ...more] = await memory.histories([ARN]);
    expect(more).toEqual([]);
    expect(history).toMatchObject({
      secretArn: ARN,
      sight: { name: 'prod/db', firstSeenAt: NOW, schedule: 'rate(30 days)' },
      records: [{ versionId: CURRENT, failures: [{ at: NOW, step: 'setSecret' }] }],
    });
    expect(history?.changes.map(({ kind }) => kind)).toEqual(['rotation-listed', 'rotation-off']);
    expect(history?.changes[1]).toMatchObject({ actor: 'alice', at: later(NOW, MINUTE) });
  });

  test('histories of more secrets than one answer holds are all returned', async () => {
    const arns = Array.from({ length: 3 * MOST_HISTORIES + 1 }, (_, index) => named(`prod/${index}`).arn);
    const found = await (await open()).histories(arns);
    expect(found.map(({ secretArn }) => secretArn).sort()).toEqual([...arns].sort());
  });

  test('a target is known with its start, its counts and its sights, another is not', async () => {
    const memory = await open();
    expect(await memory.since(TARGET)).toBe(NOW);
    expect(await memory.since(ELSEWHERE)).toBeUndefined();
    expect(await memory.counts(TARGET, NOW, later(NOW, DAY))).toEqual([{ at: NOW, secrets: 1 }]);
    expect((await memory.sights(TARGET)).sights.map(({ name }) => name)).toEqual(['prod/db']);
    expect(await memory.sights(ELSEWHERE)).toEqual({ sights: [], next: undefined });
    expect(await memory.critical(TARGET)).toEqual([]);
    expect(await memory.exceptions(TARGET)).toMatchObject([{ secretArn: ARN, requestedBy: 'alice' }]);
    expect(await memory.exceptions(ELSEWHERE)).toEqual([]);
  });
}

describe('auditMemoryOf', () => {
  auditMemoryContract(async () => auditMemoryOf(await swept()));
});

describe('lambdaAuditMemory', () => {
  const open = async (answer: (request: unknown) => unknown) => {
    const simulator = aSimulator();
    const functionArn = simulator.functions.register('read-memory', answer);
    return lambdaAuditMemory(new LambdaClient(sdk(simulator)), functionArn);
  };
  auditMemoryContract(async () => {
    const service = await swept();
    return open((request) => readMemory(service, request as object));
  });

  test('a function that fails or answers otherwise is an error', async () => {
    const failing = await open(() => {
      throw new TypeError('no');
    });
    await expect(failing.since(TARGET)).rejects.toThrow(MonitorMemoryError);
    const other = await open(() => ({ since: 'yesterday' }));
    await expect(other.since(TARGET)).rejects.toThrow(MonitorMemoryError);
  });
});

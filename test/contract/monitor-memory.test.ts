import { LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { lambdaMonitorMemory } from '../../src/monitor/adapters/lambda/lambda-monitor-memory.ts';
import { memoryMonitorMemory } from '../../src/monitor/adapters/memory/memory-monitor-memory.ts';
import { readMemory } from '../../src/monitor/application/operate/read-memory.ts';
import { sweepSecrets } from '../../src/monitor/application/sweep/sweep-secrets.ts';
import { NO_AUDITS } from '../../src/monitor/domain/report/audit-record.ts';
import { freshTarget } from '../../src/monitor/domain/state/secret-state.ts';
import { emptyTally, freshSweepRecord } from '../../src/monitor/domain/sweep/sweep-result.ts';
import {
  MonitorMemoryError,
  type RememberedSecret,
  type RememberedTarget,
} from '../../src/monitor/ports/store/monitor-memory.ts';
import { at, NOW, PENDING } from '../support/builders.ts';
import { named, pendingSince } from '../support/secrets.ts';
import { aService, DEFAULTS, type MemoryService, TARGET } from '../support/service.ts';
import { aSimulator, sdk, type TestSimulator } from '../support/simulated.ts';
import { type MonitorMemoryUnderTest, monitorMemoryContract } from './monitor-memory.suite.ts';

const aSweep = { startedAt: later(NOW, -MINUTE), endedAt: NOW, tally: emptyTally, apiCalls: 3 };

const A_FILE = { key: 'audits/audit.html', sha256: '0'.repeat(64), versionId: 'v1' };
const AN_AUDIT = {
  from: at('2026-05-25T00:00:00Z'),
  to: at('2026-06-01T00:00:00Z'),
  readAt: at('2026-06-01T06:00:00Z'),
  completedAt: at('2026-06-01T06:01:00Z'),
  manifest: A_FILE,
  page: A_FILE,
  results: [],
  before: [],
  notRead: 0,
  isTold: true,
};

/** A monitor that has swept and audited, and knows of a stuck secret and of its attempt. */
async function swept(): Promise<MemoryService> {
  const service = aService();
  service.catalog.put(pendingSince('prod/db', later(NOW, -2 * HOUR)));
  await sweepSecrets(service);
  const target = (await service.store.readTarget(TARGET)) ?? freshTarget(TARGET);
  await service.store.writeTarget(target);
  await service.store.writeSweep({ ...freshSweepRecord(TARGET), last: aSweep });
  await service.changes.writeAudits(TARGET, { ...NO_AUDITS, last: AN_AUDIT });
  await service.store.recordAttempt({
    secretArn: named('prod/db').arn,
    versionId: PENDING,
    eventId: 'one',
    kind: 'failed',
    step: 'testSecret',
    at: later(NOW, -HOUR),
  });
  return service;
}

const remembered = async (service: MemoryService): Promise<Omit<MonitorMemoryUnderTest, 'memory'>> => ({
  secret: (await readMemory(service, { secretArn: named('prod/db').arn })) as RememberedSecret,
  target: (await readMemory(service, TARGET)) as RememberedTarget,
});

describe('memoryMonitorMemory', () => {
  monitorMemoryContract(async () => {
    const { secret, target } = await remembered(await swept());
    const nothing = { state: undefined, attempts: [], target: undefined, policyDefaults: DEFAULTS };
    const memory = memoryMonitorMemory(nothing);
    memory.giveSecret(named('prod/db').arn, secret);
    memory.giveTarget(TARGET, target);
    return { memory, secret, target };
  });
});

const memoryOf = (simulator: TestSimulator, functionArn: string) =>
  lambdaMonitorMemory(new LambdaClient(sdk(simulator)), functionArn);

describe('lambdaMonitorMemory', () => {
  monitorMemoryContract(async () => {
    const service = await swept();
    const simulator = aSimulator();
    const functionArn = simulator.functions.register('read-memory', (request) =>
      readMemory(service, request as object),
    );
    return { memory: memoryOf(simulator, functionArn), ...(await remembered(service)) };
  });

  test('a function that fails, answers otherwise or is not there is an error that quotes nothing', async () => {
    const simulator = aSimulator();
    const failing = simulator.functions.register('failing', () => {
      throw new TypeError('the password is hunter2');
    });
    const other = simulator.functions.register('other', () => ({ password: 'hunter2' }));
    for (const functionArn of [failing, other, `${other}-absent`]) {
      const asked = memoryOf(simulator, functionArn).secret(named('prod/db').arn);
      await expect(asked).rejects.toBeInstanceOf(MonitorMemoryError);
      await expect(asked).rejects.not.toThrow('hunter2');
    }
  });
});

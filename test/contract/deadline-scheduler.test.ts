import { GetScheduleCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { DAY, later, MINUTE } from '../../src/calendar/instant.ts';
import { memoryDeadlineScheduler } from '../../src/monitor/adapters/memory/memory-deadline-scheduler.ts';
import { eventbridgeDeadlineScheduler } from '../../src/monitor/adapters/scheduler/eventbridge-deadline-scheduler.ts';
import { splitSecretArn } from '../../src/monitor/domain/secret/secret.ts';
import { DeadlineSchedulerError } from '../../src/monitor/ports/sweep/deadline-scheduler.ts';
import { arn, NOW } from '../support/builders.ts';
import { deny } from '../support/denying.ts';
import { named } from '../support/secrets.ts';
import { aSimulator, sdk } from '../support/simulated.ts';
import { deadlineSchedulerContract } from './deadline-scheduler.suite.ts';

describe('memoryDeadlineScheduler', () => {
  deadlineSchedulerContract(async () => {
    const scheduler = memoryDeadlineScheduler();
    const checkedUntil = async (ms: number) =>
      scheduler.checks.filter(({ at }) => at <= ms).map(({ secretArn }) => splitSecretArn(secretArn).name);
    return { scheduler, checkedUntil };
  });
});

const request = z.object({ secretId: z.string(), deadline: z.string() });

describe('eventbridgeDeadlineScheduler', () => {
  const open = async () => {
    const simulator = aSimulator();
    const checks: z.infer<typeof request>[] = [];
    const targetArn = simulator.functions.register('check-secret', (event) => {
      checks.push(request.parse(event));
    });
    await simulator.call('scheduler', 'CreateScheduleGroup', { Name: 'deadlines' }, 'deployer');
    const client = new SchedulerClient(sdk(simulator));
    const roleArn = 'arn:aws:iam::111122223333:role/scheduler';
    const scheduler = eventbridgeDeadlineScheduler(client, { group: 'deadlines', targetArn, roleArn });
    const checkedUntil = async (ms: number) => {
      await simulator.clock.advance(ms - simulator.clock.now());
      return checks.map(({ secretId }) => splitSecretArn(arn(secretId)).name);
    };
    const schedules = async () => {
      const { Schedules = [] } = await client.send(new ListSchedulesCommand({ GroupName: 'deadlines' }));
      return Schedules.map(({ Name = '' }) => Name);
    };
    return { simulator, client, checks, scheduler, checkedUntil, schedules };
  };
  deadlineSchedulerContract(open);

  const AT = later(NOW, 10 * MINUTE);
  const longest = named('x'.repeat(512)).arn;

  test('the schedule deletes itself, is not put off, and has a name that fits and reveals no secret', async () => {
    const { scheduler, schedules, client, checkedUntil } = await open();
    await scheduler.schedule({ secretArn: longest, at: AT });
    const [Name = ''] = await schedules();
    expect(Name).toMatch(/^check-[0-9a-z]{1,13}-20261121T101000$/);
    const shown = await client.send(new GetScheduleCommand({ Name, GroupName: 'deadlines' }));
    expect(shown).toMatchObject({
      ScheduleExpression: 'at(2026-11-21T10:10:00)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'DELETE',
    });
    await checkedUntil(AT + MINUTE);
    expect(await schedules()).toEqual([]);
  });

  test('the function gets the secret and the deadline', async () => {
    const { scheduler, checks, checkedUntil } = await open();
    await scheduler.schedule({ secretArn: longest, at: AT });
    await checkedUntil(AT + MINUTE);
    expect(checks).toEqual([{ secretId: longest, deadline: '2026-11-21T10:10:00Z' }]);
  });

  test('a time that is past is checked at once', async () => {
    const { scheduler, checkedUntil } = await open();
    await scheduler.schedule({ secretArn: longest, at: later(NOW, -DAY) });
    expect(await checkedUntil(NOW + MINUTE)).toHaveLength(1);
  });

  test.each([
    ['throttled', true],
    ['server-error', true],
    ['timeout', true],
  ] as const)('a call that is answered by %s is an error of the port', async (kind, retryable) => {
    const { simulator, scheduler } = await open();
    simulator.faults.add({ kind, probability: 1 });
    const failure = await scheduler.schedule({ secretArn: longest, at: AT }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DeadlineSchedulerError);
    expect(failure).toMatchObject({ retryable });
  });

  test('a role that may not is an error that no second try changes', async () => {
    const { simulator, scheduler } = await open();
    deny(simulator, 'CreateSchedule');
    await expect(scheduler.schedule({ secretArn: longest, at: AT })).rejects.toMatchObject({
      reason: 'denied',
      retryable: false,
    });
  });
});

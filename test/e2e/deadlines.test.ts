import { expect, test } from 'vitest';
import * as z from 'zod';
import { HOUR, type Instant, instant, later, MINUTE, SECOND } from '../../src/calendar/instant.ts';
import type { NewRotationFunction } from '../../src/simulator/secrets-manager/rotation/rotation-function.ts';
import { deny } from '../support/denying.ts';
import { aDeployment, type Deployed, START } from '../support/deployed.ts';

/** So seldom that a sweep comes long after whatever is due. */
const SELDOM = { sweepEveryMs: 5 * HOUR };
const ASKED = later(START, 2 * HOUR);
const NEXT_SWEEP = later(START, 5 * HOUR);
/** Promised time to an alert while events arrive. */
const PROMISED_MS = 90 * SECOND;

type Behaviour = Omit<NewRotationFunction, 'name'>;

/** The monitor over secrets behind one function, all of which were just asked to rotate, two hours after a sweep. */
async function rotating(behaviour: Behaviour, names: readonly string[] = ['prod/orders']) {
  const deployed = await aDeployment(({ secretsManager }) => {
    secretsManager.functions.register({ name: 'rotate', ...behaviour });
    for (const name of names)
      secretsManager.seed({ name, kind: 'function', function: 'rotate', schedule: 'rate(30 days)' });
  }, SELDOM);
  const { simulator } = deployed;
  const failures = await failuresOf(deployed);
  await simulator.clock.advanceTo(ASKED);
  for (const [index, SecretId] of names.entries()) {
    const ClientRequestToken = `0d0d0d0d-0000-4000-8000-${String(index).padStart(12, '0')}`;
    const input = { SecretId, ClientRequestToken };
    await simulator.call('secretsmanager', 'RotateSecret', input, 'operator');
  }
  return { ...deployed, failures };
}

const failed = z.object({ detail: z.object({ eventTime: z.string() }) });

/** Returns the times at which rotations failed, by their events. */
async function failuresOf({ simulator }: Deployed): Promise<readonly Instant[]> {
  const heard: Instant[] = [];
  const Arn = simulator.functions.register('listener', (event) => {
    heard.push(instant(Date.parse(failed.parse(event).detail.eventTime)));
  });
  const EventPattern = JSON.stringify({ detail: { eventName: ['RotationFailed'] } });
  await simulator.call('events', 'PutRule', { Name: 'listener', EventPattern }, 'deployer');
  const Targets = [{ Id: 'listener', Arn }];
  await simulator.call('events', 'PutTargets', { Rule: 'listener', Targets }, 'deployer');
  return heard;
}

const pendingFrom = ({ simulator }: Deployed, name = 'prod/orders'): number =>
  simulator.secretsManager
    .history(name)
    .find(({ stages }) => Object.values(stages).flat().includes('AWSPENDING'))?.at ?? 0;

const toldAt = ({ mails }: Deployed, subject: string): number =>
  mails().find((mail) => mail.subject === subject)?.at ?? Number.POSITIVE_INFINITY;

test('a stuck version is reported within 90 s of its threshold, long before the next sweep', async () => {
  const deployed = await rotating({ behaviour: 'error', step: 'setSecret' });
  await deployed.simulator.clock.advanceTo(later(NEXT_SWEEP, -MINUTE));
  const late = toldAt(deployed, '[HIGH] prod/orders: stuck-pending') - (pendingFrom(deployed) + HOUR);
  expect(late).toBeGreaterThan(0);
  expect(late).toBeLessThanOrEqual(PROMISED_MS);
  expect(deployed.errors()).toBe(0);
});

test('a failure that has not healed is reported within 90 s of its grace', async () => {
  const deployed = await rotating({ behaviour: 'error', step: 'setSecret' });
  await deployed.simulator.clock.advanceTo(later(NEXT_SWEEP, -MINUTE));
  const graceEnds = (deployed.failures[0] ?? Number.NaN) + 15 * MINUTE;
  const late = toldAt(deployed, '[MEDIUM] prod/orders: rotation-failed') - graceEnds;
  expect(late).toBeGreaterThan(0);
  expect(late).toBeLessThanOrEqual(PROMISED_MS);
});

test('a failure that may have killed the credential in use is reported within 90 s of its short grace', async () => {
  const deployed = await rotating({ behaviour: 'error', step: 'testSecret' });
  await deployed.simulator.clock.advanceTo(later(NEXT_SWEEP, -MINUTE));
  const graceEnds = (deployed.failures[0] ?? Number.NaN) + 2 * MINUTE;
  const late = toldAt(deployed, '[CRITICAL] prod/orders: rotation-failed') - graceEnds;
  expect(late).toBeGreaterThan(0);
  expect(late).toBeLessThanOrEqual(PROMISED_MS);
});

test('a rotation of which only the beginning arrived is reported in time when it sticks', async () => {
  const deployed = await rotating({ behaviour: 'hang', step: 'setSecret' });
  const { simulator } = deployed;
  await simulator.clock.advance(30 * SECOND);
  simulator.eventBridge.setFaults({ drop: 1 });
  await simulator.clock.advanceTo(later(NEXT_SWEEP, -MINUTE));
  const late = toldAt(deployed, '[HIGH] prod/orders: stuck-pending') - (pendingFrom(deployed) + HOUR);
  expect(late).toBeGreaterThan(0);
  expect(late).toBeLessThanOrEqual(PROMISED_MS);
});

test('secrets that stick together are reported together, though their checks are spread over a minute', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `prod/${index}`);
  const deployed = await rotating({ behaviour: 'error', step: 'setSecret' }, names);
  await deployed.simulator.clock.advanceTo(later(NEXT_SWEEP, -MINUTE));
  expect(deployed.subjects()).toEqual([
    '[MEDIUM] 20 secrets: rotation-failed',
    '[HIGH] 20 secrets: stuck-pending',
  ]);
});

test('when Scheduler refuses, the next sweep reports it, and the refusals are counted', async () => {
  const deployed = await rotating({ behaviour: 'hang', step: 'setSecret' });
  const { simulator } = deployed;
  deny(simulator, 'CreateSchedule');
  await simulator.clock.advance(30 * SECOND);
  simulator.eventBridge.setFaults({ drop: 1 });
  await simulator.clock.advanceTo(later(NEXT_SWEEP, -MINUTE));
  expect(deployed.mails()).toEqual([]);
  expect(await refusals(deployed)).toEqual([[{ Name: 'Reason', Value: 'denied' }]]);
  await simulator.clock.advanceTo(later(NEXT_SWEEP, 2 * MINUTE));
  expect(deployed.subjects()).toEqual(['[HIGH] prod/orders: stuck-pending']);
  expect(deployed.errors()).toBe(0);
});

const counted = z.object({ Metrics: z.array(z.object({ Dimensions: z.array(z.looseObject({})) })) });

/** The dimensions under which checks were counted that could not be scheduled. */
async function refusals({ simulator }: Deployed) {
  const MetricName = 'DeadlineSchedulesFailed';
  const answer = await simulator.call('monitoring', 'ListMetrics', { MetricName }, 'auditor');
  return counted.parse(answer).Metrics.map(({ Dimensions }) => Dimensions);
}

test('a healthy rotation makes one schedule, which is gone after its time, and nothing is reported', async () => {
  const deployed = await rotating({ behaviour: 'healthy' });
  const { simulator, deployment } = deployed;
  await simulator.clock.advance(HOUR + 2 * MINUTE);
  expect(
    simulator.callLog.counts(deployment.functionOf('on-rotation-event').role)['scheduler:CreateSchedule'],
  ).toBe(1);
  expect(simulator.functions.stats(deployment.functionOf('check-secret').name).invocations).toBe(1);
  expect(await inFlight(deployed)).toBe(0);
  expect(deployed.mails()).toEqual([]);
});

const listed = z.object({ Schedules: z.array(z.unknown()) });

/** Returns the number of one-time schedules that wait for their time. */
async function inFlight({ simulator, deployment }: Deployed): Promise<number> {
  const group = { GroupName: deployment.config.deadlineScheduleGroup };
  return listed.parse(await simulator.call('scheduler', 'ListSchedules', group, 'auditor')).Schedules.length;
}

test('a rotation that fails for hours has at most two schedules in flight and makes no more', async () => {
  const deployed = await rotating({ behaviour: 'error', step: 'setSecret' });
  const { simulator, deployment } = deployed;
  const seen: number[] = [];
  for (let minute = 0; minute < 6 * 60; minute++) {
    await simulator.clock.advance(MINUTE);
    seen.push(await inFlight(deployed));
  }
  expect(Math.max(...seen)).toBe(2);
  expect(simulator.functions.stats(deployment.functionOf('check-secret').name).invocations).toBe(2);
});

import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { runAwsCommand } from '../../src/proving/operator/aws-cli.ts';
import { seededRandom } from '../../src/simulator/call/random.ts';
import { currentOf, writeLease } from '../support/beside-plays.ts';
import { aDeployment, type Deployed, START } from '../support/deployed.ts';
import { call, NAME, rotate, seed } from '../support/failure-mode-stage.ts';
import type { TestSimulator } from '../support/simulated.ts';

const IN_SYNC = { replicas: [{ region: 'us-east-1', status: 'InSync', message: undefined }] } as const;
const HEALTHY = { behaviour: 'healthy' } as const;
const HOURLY = { sweepEveryMs: HOUR };

const withReplica = (simulator: TestSimulator): void => seed(simulator, HEALTHY, IN_SYNC);

const toldAfter = ({ mails }: Deployed, beganAt: number): number => (mails().at(-1)?.at ?? 0) - beganAt;

/** A rotation whose copy fails. */
async function failingCopy({ simulator }: Deployed): Promise<number> {
  simulator.secretsManager.configure(NAME, { replication: 'fails' });
  return rotate(simulator);
}

test('a copy that fails is reported after its event, repaired by the commands of the alert, and over by its event', async () => {
  const deployed = await aDeployment(withReplica);
  const { simulator, subjects, mails } = deployed;
  await simulator.clock.advanceTo(later(START, 6 * MINUTE));
  const beganAt = await failingCopy(deployed);
  await simulator.clock.advance(3 * MINUTE);
  expect(subjects()).toEqual([`[MEDIUM] ${NAME}: replication-failed`]);
  expect(toldAfter(deployed, beganAt)).toBeLessThan(2 * MINUTE);
  const message = mails()[0]?.message ?? '';
  expect(message).toContain('The replica in us-east-1 has had the status Failed since');
  expect(message).toContain('No permissions available on the KMS key');
  expect(message).toMatch(/ReplicationFailed arrived at .+ \(event [0-9a-f-]{36}\)/);
  simulator.secretsManager.configure(NAME, { replication: 'works' });
  for (const [line] of message.matchAll(/aws secretsmanager .+/g)) {
    const outcome = await runAwsCommand(simulator, line, { uuid: seededRandom(7).uuid });
    expect(outcome.kind, line).not.toBe('refused');
  }
  await simulator.clock.advance(3 * MINUTE);
  expect(subjects().at(-1)).toBe(`[RESOLVED] ${NAME}: replication-failed`);
  expect(mails().at(-1)?.message).toContain('Every replica is in sync.');
  expect(deployed.errors()).toBe(0);
});

test('when every event is lost, a daily check finds it within a day, and the next sweep that it is over', async () => {
  const deployed = await aDeployment(withReplica, HOURLY);
  const { simulator, subjects } = deployed;
  simulator.eventBridge.setFaults({ drop: 1 });
  await simulator.clock.advanceTo(later(START, 90 * MINUTE));
  expect(simulator.cloudWatch.last('DailyCheckApiCalls')).toBe(1);
  const beganAt = await failingCopy(deployed);
  await simulator.clock.advance(DAY + HOUR + MINUTE);
  expect(subjects()[0]).toBe(`[MEDIUM] ${NAME}: replication-failed`);
  expect((deployed.mails()[0]?.at ?? 0) - beganAt).toBeLessThanOrEqual(DAY + HOUR + MINUTE);
  expect(
    simulator.functions.stats(deployed.deployment.functionOf('on-rotation-event').name).invocations,
  ).toBe(0);
  simulator.secretsManager.configure(NAME, { replication: 'works' });
  const AddReplicaRegions = [{ Region: 'us-east-1' }];
  await call(simulator, 'ReplicateSecretToRegions', { AddReplicaRegions });
  await simulator.clock.advance(HOUR + 2 * MINUTE);
  expect(subjects().at(-1)).toBe(`[RESOLVED] ${NAME}: replication-failed`);
});

test('a copy that hangs is reported an hour after it was first seen, and not before', async () => {
  const deployed = await aDeployment(withReplica);
  const { simulator, subjects } = deployed;
  await simulator.clock.advanceTo(later(START, 6 * MINUTE));
  simulator.secretsManager.configure(NAME, { replication: 'hangs' });
  const beganAt = await rotate(simulator);
  await simulator.clock.advanceTo(later(beganAt, HOUR));
  expect(subjects()).toEqual([]);
  await simulator.clock.advance(7 * MINUTE);
  expect(subjects()).toEqual([`[MEDIUM] ${NAME}: replication-failed`]);
  simulator.secretsManager.configure(NAME, { replication: 'works' });
  await simulator.clock.advance(2 * MINUTE);
  expect(subjects().at(-1)).toBe(`[RESOLVED] ${NAME}: replication-failed`);
});

test('a replica of this region never alerts, whatever events its primary gets', async () => {
  const deployed = await aDeployment(
    ({ secretsManager }) => void secretsManager.seed({ name: NAME, kind: 'replica' }),
    HOURLY,
  );
  await deployed.simulator.clock.advanceTo(later(START, 2 * DAY));
  expect(deployed.subjects()).toEqual([]);
  expect(deployed.simulator.cloudWatch.last('DailyCheckApiCalls')).toBeUndefined();
});

test('AWSPREVIOUS in use is found by a daily check, and over a week after the last request', async () => {
  const deployed = await aDeployment((simulator) => seed(simulator, HEALTHY, { schedule: 'rate(30 days)' }), {
    sweepEveryMs: 6 * HOUR,
  });
  const { simulator, subjects } = deployed;
  await simulator.clock.advanceTo(later(START, HOUR));
  await rotate(simulator);
  const ask = () => call(simulator, 'GetSecretValue', { VersionStage: 'AWSPREVIOUS' });
  await simulator.clock.advance(HOUR);
  await ask();
  await simulator.clock.advanceTo(later(START, 2 * DAY));
  expect(subjects()).toEqual([]);
  await ask();
  const askedAt = simulator.clock.now();
  await simulator.clock.advance(DAY + 7 * HOUR);
  expect(subjects()[0]).toBe(`[LOW] ${NAME}: previous-version-in-use`);
  expect((deployed.mails()[0]?.at ?? 0) - askedAt).toBeLessThanOrEqual(DAY + 7 * HOUR);
  expect(deployed.mails()[0]?.message).toContain('AWSPREVIOUS was requested on 2026-11-03');
  await simulator.clock.advanceTo(later(askedAt, 8 * DAY + 12 * HOUR));
  expect(subjects().at(-1)).toBe(`[RESOLVED] ${NAME}: previous-version-in-use`);
  expect(deployed.mails().at(-1)?.message).toContain('AWSPREVIOUS is no longer requested.');
  expect(deployed.errors()).toBe(0);
});

test('a consumer that does not confirm is reported within threshold and sweep, and over when it does', async () => {
  const deployed = await aDeployment((simulator) => seed(simulator, HEALTHY, { schedule: 'rate(30 days)' }));
  const { simulator, subjects, mails } = deployed;
  await simulator.clock.advanceTo(later(START, 6 * MINUTE));
  const old = currentOf(simulator);
  await writeLease(simulator, { consumer: 'orders-7', versionId: old });
  await writeLease(simulator, { consumer: 'orders-8', versionId: old });
  const beganAt = await rotate(simulator);
  await simulator.clock.advance(2 * MINUTE);
  await writeLease(simulator, { consumer: 'orders-8', versionId: currentOf(simulator) });
  await simulator.clock.advance(12 * MINUTE);
  expect(subjects()).toEqual([]);
  await simulator.clock.advance(8 * MINUTE);
  expect(subjects()).toEqual([`[LOW] ${NAME}: invalidation-unconfirmed`]);
  expect(toldAfter(deployed, beganAt)).toBeLessThanOrEqual(21 * MINUTE);
  expect(mails()[0]?.message).toContain(`Consumer "orders-7" has used version ${old}`);
  expect(mails()[0]?.message).not.toContain('orders-8');
  await writeLease(simulator, { consumer: 'orders-7', versionId: currentOf(simulator) });
  await simulator.clock.advance(6 * MINUTE);
  expect(subjects().at(-1)).toBe(`[RESOLVED] ${NAME}: invalidation-unconfirmed`);
  expect(deployed.errors()).toBe(0);
});

import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../src/calendar/instant.ts';
import { memoryAccountDirectory } from '../../../../src/monitor/adapters/memory/memory-account-directory.ts';
import { sweepOnRequest } from '../../../../src/monitor/application/sweep/sweep-on-request.ts';
import { sweepSecrets } from '../../../../src/monitor/application/sweep/sweep-secrets.ts';
import type { MetricName } from '../../../../src/monitor/domain/metric.ts';
import { asSecretArn, type Target } from '../../../../src/monitor/domain/secret/secret.ts';
import { SweepQueueError } from '../../../../src/monitor/ports/sweep/sweep-queue.ts';
import { NOW } from '../../../support/builders.ts';
import { aFleet, type FleetService } from '../../../support/fleet.ts';
import { healthy, pendingSince } from '../../../support/secrets.ts';
import { TARGET } from '../../../support/service.ts';
import { drainSweeps } from '../../../support/sweeping.ts';

const MEMBER: Target = { account: '444455556666', region: 'eu-west-1' };
const FAR: Target = { account: '444455556666', region: 'us-east-1' };
const GROUP = { accounts: ['444455556666'], organizationalUnits: [], regions: ['eu-west-1', 'us-east-1'] };

/** A secret as one of another account and region. */
const at = ({ account, region }: Target, { secret, ...rest }: ReturnType<typeof healthy>) => {
  const arn = asSecretArn(`arn:aws:secretsmanager:${region}:${account}:secret:${secret.name}-AbCdEf`);
  if (arn === undefined) throw new Error('No ARN');
  return { ...rest, secret: { ...secret, arn, account, region } };
};

const stuck = (target: Target, name: string) => at(target, pendingSince(name, later(NOW, -2 * HOUR)));

let ids = 0;
/** One interval of the schedule: the sweep, and all it asks for. */
async function interval(service: FleetService) {
  const { outcome } = await sweepSecrets(service, { id: `sweep-${ids++}` });
  const outcomes = await drainSweeps(service, service.sweepQueue, HOUR);
  service.clock.advance(5 * MINUTE);
  return [outcome, ...outcomes];
}

const last = ({ metrics }: FleetService, name: MetricName): number | undefined =>
  metrics.datapoints.filter((each) => each.name === name).at(-1)?.value;

test('every member is swept by an invocation of its own, and the gauges are those of all together', async () => {
  const service = aFleet([GROUP]);
  service.catalog.put(healthy('home'));
  service.catalogOf(MEMBER).put(stuck(MEMBER, 'near'));
  service.catalogOf(FAR).put(stuck(FAR, 'far'));
  service.catalogOf(FAR).put(at(FAR, healthy('fine')));
  expect(await interval(service)).toEqual(['complete', 'complete', 'complete']);
  await interval(service);
  expect(last(service, 'SecretsObserved')).toBe(4);
  expect(last(service, 'AlertsOpen')).toBe(2);
  expect(last(service, 'TargetsNotSwept')).toBe(0);
});

test('what is found in a member is stored and reported under its account and region', async () => {
  const service = aFleet([GROUP]);
  service.catalogOf(FAR).put(stuck(FAR, 'far'));
  await interval(service);
  expect(await service.store.open(TARGET)).toEqual([]);
  const [state] = await service.store.open(FAR);
  expect(state).toMatchObject({ ...FAR, name: 'far' });
  const [notification] = state?.outbox ?? [];
  expect(notification).toMatchObject(FAR);
  const commands = notification?.finding.advice.flatMap((advice) => advice.commands) ?? [];
  expect(commands.length).toBeGreaterThan(0);
  for (const command of commands) expect(command).toContain('--region us-east-1');
});

test('each target has a baseline of its own', async () => {
  const service = aFleet([GROUP]);
  service.setReachable(FAR, false);
  await interval(service);
  service.setReachable(FAR, true);
  service.catalogOf(FAR).put(stuck(FAR, 'old'));
  service.catalogOf(MEMBER).put(stuck(MEMBER, 'new'));
  await interval(service);
  const outboxOf = async (target: Target) =>
    (await service.store.open(target)).flatMap(({ outbox }) => outbox.map(({ baseline }) => baseline));
  expect(await outboxOf(FAR)).toEqual([true]);
  expect(await outboxOf(MEMBER)).toEqual([false]);
});

test('a member out of reach is not swept, keeps its counts and its alerts, and is reported after a quarter of an hour', async () => {
  const service = aFleet([GROUP]);
  service.catalogOf(MEMBER).put(stuck(MEMBER, 'near'));
  await interval(service);
  service.setReachable(MEMBER, false);
  for (let sweep = 0; sweep < 5; sweep++) await interval(service);
  expect(last(service, 'TargetsNotSwept')).toBe(1);
  expect(last(service, 'OldestTargetSweepAge')).toBeGreaterThanOrEqual(20 * 60);
  expect(last(service, 'AlertsOpen')).toBe(1);
  expect(last(service, 'SweepHeartbeat')).toBe(1);
  const codes = (await service.store.open(MEMBER)).flatMap(({ alerts }) => alerts.map(({ code }) => code));
  expect(codes.sort()).toEqual(['stuck-pending', 'target-unreachable']);
  service.setReachable(MEMBER, true);
  await interval(service);
  await interval(service);
  expect(last(service, 'TargetsNotSwept')).toBe(0);
});

test('a home target out of reach ends the heartbeat, and members are swept all the same', async () => {
  const service = aFleet([GROUP]);
  await interval(service);
  const beats = service.heartbeat.beats;
  const before = service.metrics.datapoints.length;
  const nowhere = { ...MEMBER, region: 'nowhere' };
  service.setReachable(nowhere, false);
  const home = { ...service, catalog: service.accessTo(nowhere).catalog };
  expect((await sweepSecrets(home, { id: 'blind' })).outcome).toBe('unreachable');
  const names = service.metrics.datapoints.slice(before).map(({ name }) => name);
  expect(names).not.toContain('SweepHeartbeat');
  expect(last(service, 'TargetsNotSwept')).toBe(1);
  expect(service.heartbeat.beats).toBe(beats);
  expect(await drainSweeps(service, service.sweepQueue, HOUR)).toEqual(['complete', 'complete']);
});

test('the accounts of a unit are swept, new ones as they come', async () => {
  const service = aFleet([{ accounts: [], organizationalUnits: ['ou-1'], regions: ['eu-west-1'] }]);
  const withAccounts = (...accounts: string[]) => ({
    ...service,
    accounts: memoryAccountDirectory({ 'ou-1': accounts }),
  });
  expect(await interval(withAccounts('444455556666'))).toHaveLength(2);
  expect(await interval(withAccounts('444455556666', '123456789012'))).toHaveLength(3);
  expect(await interval(withAccounts('123456789012'))).toHaveLength(2);
});

test('when units cannot be asked, the accounts of the last time are swept, and that is counted', async () => {
  const service = aFleet([{ accounts: [], organizationalUnits: ['ou-1'], regions: ['eu-west-1'] }]);
  const accounts = memoryAccountDirectory({ 'ou-1': ['444455556666'] });
  await interval({ ...service, accounts });
  expect(await interval({ ...service, accounts: memoryAccountDirectory({}) })).toEqual([
    'complete',
    'complete',
  ]);
  expect(service.metrics.datapoints).toContainEqual({
    name: 'AccountListingsFailed',
    value: 1,
    dimensions: { Reason: 'not-found' },
  });
});

test('a queue that takes no request stops neither the home target nor the gauges, and the run fails', async () => {
  const service = aFleet([GROUP]);
  const refuse = () =>
    Promise.reject(new SweepQueueError('Cannot send', { reason: 'server', retryable: true }));
  const broken = { ...service, sweepQueue: { ...service.sweepQueue, send: refuse } };
  await expect(sweepSecrets(broken)).rejects.toThrow('Cannot send');
  expect((await service.store.readSweep(TARGET))?.last).toBeDefined();
  expect(last(service, 'TargetsNotSwept')).toBe(2);
});

test('a schedule that fires twice publishes once', async () => {
  const service = aFleet([]);
  await sweepSecrets(service, { id: 'one' });
  service.clock.advance(MINUTE);
  await sweepSecrets(service, { id: 'two' });
  const published = () => service.metrics.datapoints.filter(({ name }) => name === 'SecretsObserved');
  expect(published()).toHaveLength(1);
  service.clock.advance(4 * MINUTE);
  await sweepSecrets(service, { id: 'three' });
  expect(published()).toHaveLength(2);
});

test('what was swept since a message was sent is not swept again', async () => {
  const service = aFleet([GROUP]);
  await sweepSecrets(service, { id: 'one' });
  const twice = [...service.sweepQueue.requests];
  service.clock.advance(1);
  await drainSweeps(service, service.sweepQueue, HOUR);
  service.sweepQueue.requests.push(...twice);
  expect(await drainSweeps(service, service.sweepQueue, HOUR)).toEqual(['superseded', 'superseded']);
});

test('a message that is none of ours is dropped', async () => {
  const service = aFleet([]);
  expect(await sweepOnRequest(service, 'x', { id: 'm', handOverAt: undefined })).toBeUndefined();
  expect(service.records).toHaveLength(1);
});

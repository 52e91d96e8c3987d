import { expect, test } from 'vitest';
import { HOUR, later } from '../../../../../src/calendar/instant.ts';
import { recordRotationEvents } from '../../../../../src/monitor/application/on-event/record-rotation-events.ts';
import { checkOnRequest } from '../../../../../src/monitor/application/operate/check-on-request.ts';
import { isWatchedTarget } from '../../../../../src/monitor/application/target/watched-targets.ts';
import type { MemberGroup } from '../../../../../src/monitor/domain/secret/member-group.ts';
import { asSecretArn, type Target } from '../../../../../src/monitor/domain/secret/secret.ts';
import { freshTarget } from '../../../../../src/monitor/domain/state/secret-state.ts';
import { NOW } from '../../../../support/builders.ts';
import { rotationFailed } from '../../../../support/events/envelopes.ts';
import { aFleet, type FleetService } from '../../../../support/fleet.ts';
import { pendingSince } from '../../../../support/secrets.ts';
import { TARGET } from '../../../../support/service.ts';

const MEMBER: Target = { account: '444455556666', region: 'us-east-1' };
const STRANGER: Target = { account: '123456789012', region: 'us-east-1' };
const GROUP = { accounts: [MEMBER.account], organizationalUnits: [], regions: [MEMBER.region] };
const UNIT = { accounts: [], organizationalUnits: ['ou-1'], regions: [MEMBER.region] };

const arnIn = ({ account, region }: Target, name = 'orders/db') => {
  const arn = asSecretArn(`arn:aws:secretsmanager:${region}:${account}:secret:${name}-AbCdEf`);
  if (arn === undefined) throw new Error('No ARN');
  return arn;
};

/** A fleet in one member of which a version is stuck. */
function withStuck(members: readonly MemberGroup[] = [GROUP]): FleetService {
  const service = aFleet(members);
  const { secret, ...rest } = pendingSince('orders/db', later(NOW, -2 * HOUR));
  service.catalogOf(MEMBER).put({ ...rest, secret: { ...secret, ...MEMBER, arn: arnIn(MEMBER) } });
  return service;
}

/** The event that a rule of that account has forwarded. */
function forwarded(target: Target) {
  const envelope = JSON.stringify(rotationFailed('testSecret'))
    .replaceAll(/arn:aws:secretsmanager:[^:]+:\d{12}:secret:[^"-]+-\w{6}/g, arnIn(target))
    .replaceAll(/"account":"\d{12}"/g, `"account":"${target.account}"`)
    .replaceAll(/"region":"[^"]+"/g, `"region":"${target.region}"`);
  return [{ messageId: 'm', body: envelope }];
}

test('an event of a member is looked at in the member, and remembered there', async () => {
  const service = withStuck();
  expect(await recordRotationEvents(service, forwarded(MEMBER))).toEqual([]);
  const state = await service.store.read(arnIn(MEMBER));
  expect(state).toMatchObject(MEMBER);
  expect(state?.pending).toBeDefined();
  expect((await service.store.readTarget(MEMBER))?.eventSeenAt).toBe(NOW);
  expect(await service.store.readTarget(TARGET)).toBeUndefined();
});

test('an event of an account that is not watched is counted and dropped', async () => {
  const service = withStuck();
  expect(await recordRotationEvents(service, forwarded(STRANGER))).toEqual([]);
  expect(await service.store.read(arnIn(STRANGER))).toBeUndefined();
  expect(service.metrics.datapoints).toContainEqual({ name: 'EventsUnwatched', value: 1 });
});

test('an account of a unit is watched from the sweep on that found it', async () => {
  const service = withStuck([UNIT]);
  expect(await isWatchedTarget(service, MEMBER)).toBe(false);
  await service.store.writeTarget({ ...freshTarget(TARGET), units: { 'ou-1': [MEMBER.account] } });
  expect(await isWatchedTarget(service, MEMBER)).toBe(true);
  expect(await isWatchedTarget(service, { ...MEMBER, region: 'eu-west-1' })).toBe(false);
  expect(await isWatchedTarget(service, STRANGER)).toBe(false);
});

test('the home target is always watched', async () => {
  expect(await isWatchedTarget(aFleet([]), TARGET)).toBe(true);
});

test('a deadline of a member is checked in the member; who is not watched is not looked at', async () => {
  const service = withStuck();
  expect((await checkOnRequest(service, { secretId: arnIn(MEMBER) }))?.after).toMatchObject(MEMBER);
  expect(await checkOnRequest(service, { secretId: arnIn(STRANGER) })).toBeUndefined();
});

import { expect, test } from 'vitest';
import { DAY, HOUR, later } from '../../../../src/calendar/instant.ts';
import { recordRotationEvents } from '../../../../src/monitor/application/on-event/record-rotation-events.ts';
import { checkOnRequest } from '../../../../src/monitor/application/operate/check-on-request.ts';
import { sweepSecrets } from '../../../../src/monitor/application/sweep/sweep-secrets.ts';
import { aSecret, NOW, PENDING, PENDING_APART } from '../../../support/builders.ts';
import { apiCall, labelUpdated, rotationFailed, serviceEvent } from '../../../support/events/envelopes.ts';
import { aService, TARGET } from '../../../support/service.ts';

/** A secret as broken as can be: whoever judges it opens an alert. */
const BROKEN = {
  secret: aSecret({ versionStages: PENDING_APART, nextRotationAt: later(NOW, -2 * DAY) }),
  createdAt: { [PENDING]: later(NOW, -2 * HOUR) },
};

/** A service whose one secret is broken: the canary, or any. */
function watching(canarySecretArn: ReturnType<typeof aSecret>['arn'] | undefined) {
  const service = aService();
  service.catalog.put(BROKEN);
  return { ...service, settings: { ...service.settings, canarySecretArn } };
}
type Watching = ReturnType<typeof watching>;

const eventId = (eventID: string) => ({ eventID });
const EVENTS = [
  serviceEvent('RotationStarted', eventId('e1')),
  rotationFailed('testSecret', eventId('e2')),
  serviceEvent('RotationSucceeded', eventId('e3')),
  serviceEvent('RotationAbandoned', eventId('e4')),
  apiCall('TagResource', {}, eventId('e5')),
  apiCall('CancelRotateSecret', {}, eventId('e6')),
  labelUpdated('AWSCURRENT'),
].map((envelope, index) => ({ messageId: `m${index}`, body: JSON.stringify(envelope) }));

const counted = ({ metrics }: Watching) =>
  [...new Set(metrics.datapoints.filter(({ value }) => value > 0).map(({ name }) => name))].sort();
const open = ({ store }: Watching) => store.open(TARGET);

test('events of the canary are counted as its own, reported to nobody, and prove that events arrive', async () => {
  const service = watching(BROKEN.secret.arn);
  expect(await recordRotationEvents(service, EVENTS)).toEqual([]);
  expect(counted(service)).toEqual(['CanaryEventDelay', 'EventsReceived']);
  expect(await open(service)).toEqual([]);
  expect(await service.store.attempts(BROKEN.secret.arn)).toEqual([]);
  expect(await service.store.read(BROKEN.secret.arn)).toBeUndefined();
  expect(service.applicationBus.events).toEqual([]);
  expect(service.queue.wakes).toEqual([]);
  expect((await service.store.readTarget(TARGET))?.eventSeenAt).toBe(NOW);
});

test('a call of the canary does not prove that events of rotations arrive', async () => {
  const service = watching(BROKEN.secret.arn);
  const calls = EVENTS.filter(({ body }) => body.includes('AWS API Call via CloudTrail'));
  expect(calls).toHaveLength(2);
  await recordRotationEvents(service, calls);
  expect(counted(service)).toEqual(['CanaryEventDelay', 'EventsReceived']);
  expect((await service.store.readTarget(TARGET))?.eventSeenAt).toBeUndefined();
});

test('the same failure of any other secret opens an alert', async () => {
  const service = watching(undefined);
  await recordRotationEvents(service, EVENTS.slice(0, 2));
  expect(await open(service)).toHaveLength(1);
  expect(counted(service)).not.toContain('CanaryEventDelay');
});

test('a sweep does not see the canary', async () => {
  const service = watching(BROKEN.secret.arn);
  expect(await sweepSecrets(service)).toMatchObject({ suspects: [], tally: { observed: 0 } });
  expect(await open(service)).toEqual([]);
  const other = watching(undefined);
  expect(await sweepSecrets(other)).toMatchObject({ tally: { observed: 1 } });
  expect(await open(other)).toHaveLength(1);
});

test('whoever asks for a check of the canary gets none', async () => {
  const service = watching(BROKEN.secret.arn);
  expect(await checkOnRequest(service, { secretId: BROKEN.secret.name })).toBeUndefined();
  expect(await open(service)).toEqual([]);
  expect(await checkOnRequest(watching(undefined), { secretId: BROKEN.secret.name })).toBeDefined();
});

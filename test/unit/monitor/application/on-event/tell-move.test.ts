import { expect, test } from 'vitest';
import { type Instant, later, MINUTE, SECOND } from '../../../../../src/calendar/instant.ts';
import {
  MAX_RECEIVES,
  type QueuedEvent,
  recordRotationEvents,
} from '../../../../../src/monitor/application/on-event/record-rotation-events.ts';
import type { Service } from '../../../../../src/monitor/application/service.ts';
import type { Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import { EventSinkError } from '../../../../../src/monitor/ports/tell/event-sink.ts';
import { aSecret, at, CURRENT, PENDING, PREVIOUS } from '../../../../support/builders.ts';
import { apiCall, type Envelope, labelUpdated, serviceEvent } from '../../../../support/events/envelopes.ts';
import { aService, type MemoryService } from '../../../../support/service.ts';

/** Time of the sample events: label events come five seconds later than records of CloudTrail. */
const MOVED_AT = at('2026-11-21T09:30:05Z');
const ARN = aSecret().arn;

const before = aSecret({ lastChangedAt: later(MOVED_AT, -MINUTE) });
const after = aSecret({
  versionStages: { [PENDING]: ['AWSCURRENT'], [CURRENT]: ['AWSPREVIOUS'] },
  lastRotatedAt: MOVED_AT,
  lastChangedAt: MOVED_AT,
});

const queued = (...envelopes: readonly Envelope[]): readonly QueuedEvent[] =>
  envelopes.map((envelope, index) => ({
    messageId: `m${index}`,
    receiptHandle: `handle-${index}`,
    body: JSON.stringify(envelope),
  }));
const atTime = (time: Instant, envelope: Envelope): Envelope => ({
  ...envelope,
  id: `e${time}`,
  time: new Date(time).toISOString(),
});
const received = (times: number, message: QueuedEvent | undefined): readonly QueuedEvent[] =>
  message === undefined
    ? []
    : [{ ...message, attributes: { ApproximateReceiveCount: String(times) }, eventSourceARN: 'arn:q' }];

/** A service a moment after the sample events. */
function soon(secret: Secret): MemoryService {
  const service = aService();
  service.clock.set(later(MOVED_AT, 2 * SECOND));
  service.catalog.put({ secret, createdAt: {} });
  return service;
}

/** Shows the secret as it was before for so many looks. */
function lagging(service: MemoryService, looks: number): { readonly service: Service; looks(): number } {
  let asked = 0;
  const describe = async (id: string) => (++asked <= looks ? before : service.catalog.describe(id));
  return { service: { ...service, catalog: { ...service.catalog, describe } }, looks: () => asked };
}

const told = ({ applicationBus }: MemoryService) =>
  applicationBus.events.map(({ detail }) => detail['versionId']);

test('a move is reported once, by whichever event comes first, with all that applications need', async () => {
  const service = soon(after);
  const events = queued(
    labelUpdated('AWSCURRENT'),
    serviceEvent('RotationSucceeded'),
    apiCall('UpdateSecretVersionStage', { versionStage: 'AWSCURRENT', moveToVersionId: PENDING }),
  );
  expect(await recordRotationEvents(service, events)).toEqual([]);
  expect(service.applicationBus.events).toEqual([
    {
      detailType: 'Secret Version Current',
      detail: {
        schemaVersion: 1,
        secretArn: ARN,
        secretName: 'prod/orders/db',
        versionId: PENDING,
        previousVersionId: CURRENT,
        changedAt: '2026-11-21T09:30:05.000Z',
        sequence: MOVED_AT,
      },
    },
  ]);
  expect(service.metrics.datapoints.filter(({ name }) => name === 'InvalidationsSent')).toHaveLength(1);
});

test('a move back to an earlier version is reported, with a higher sequence', async () => {
  const service = soon(after);
  await recordRotationEvents(service, queued(labelUpdated('AWSCURRENT')));
  const backAt = later(MOVED_AT, 10 * MINUTE);
  service.clock.set(later(backAt, SECOND));
  service.catalog.put({
    secret: aSecret({
      versionStages: { [CURRENT]: ['AWSCURRENT'], [PENDING]: ['AWSPREVIOUS'] },
      lastChangedAt: backAt,
    }),
    createdAt: {},
  });
  await recordRotationEvents(service, queued(atTime(backAt, labelUpdated('AWSCURRENT', CURRENT))));
  expect(told(service)).toEqual([PENDING, CURRENT]);
  const [first, second] = service.applicationBus.events.map(({ detail }) => Number(detail['sequence']));
  expect(second).toBeGreaterThan(first ?? 0);
});

/** A service whose applications know of {@link CURRENT}, and the same secret ten minutes later. */
async function known(changedMs: number): Promise<MemoryService> {
  const service = soon(before);
  const wasAt = later(MOVED_AT, -10 * MINUTE);
  await recordRotationEvents(service, queued(atTime(wasAt, labelUpdated('AWSCURRENT', CURRENT))));
  expect(told(service)).toEqual([CURRENT]);
  service.clock.set(later(MOVED_AT, changedMs + 2 * SECOND));
  const secret = aSecret({ lastChangedAt: later(MOVED_AT, changedMs) });
  service.catalog.put({ secret, createdAt: {} });
  return service;
}

const there = atTime(MOVED_AT, labelUpdated('AWSCURRENT', PENDING));
const back = (ms: number) => atTime(later(MOVED_AT, ms), labelUpdated('AWSCURRENT', CURRENT));

test.each([
  ['in order', 8 * SECOND, [there, back(8 * SECOND)]],
  ['the other way round', 8 * SECOND, [back(8 * SECOND), there]],
  ['the first of them twice', 8 * SECOND, [there, back(8 * SECOND), there]],
  ['the second lost', 8 * SECOND, [there]],
  ['minutes later', 3 * MINUTE, [there, back(3 * MINUTE)]],
  ['the first lost', 3 * MINUTE, [back(3 * MINUTE)]],
])(
  'a version that is back before anybody looks is reported again: events %s',
  async (_case, ms, envelopes) => {
    const service = await known(ms);
    expect(await recordRotationEvents(service, queued(...envelopes))).toEqual([]);
    expect(told(service)).toEqual([CURRENT, CURRENT]);
    const [first, second] = service.applicationBus.events.map(({ detail }) => Number(detail['sequence']));
    expect(second).toBeGreaterThan(first ?? 0);
  },
);

test('a version that was there and back within a second is reported once the look counts', async () => {
  const service = await known(200);
  const [message] = queued(there);
  expect(await recordRotationEvents(service, received(1, message))).toEqual(['m0']);
  service.clock.advance(5 * MINUTE);
  expect(await recordRotationEvents(service, received(2, message))).toEqual([]);
  expect(await recordRotationEvents(service, received(3, message))).toEqual([]);
  expect(told(service)).toEqual([CURRENT, CURRENT]);
});

test('events of before the last move are done without a look that agrees', async () => {
  const service = soon(after);
  service.clock.set(later(MOVED_AT, 30 * SECOND));
  await recordRotationEvents(service, queued(labelUpdated('AWSCURRENT')));
  const late = queued(atTime(later(MOVED_AT, -20 * SECOND), labelUpdated('AWSCURRENT', PREVIOUS)));
  expect(await recordRotationEvents(service, late)).toEqual([]);
  expect(told(service)).toEqual([PENDING]);
  expect(service.clock.now()).toBe(later(MOVED_AT, 30 * SECOND));
});

test('the end of a rotation that comes after its version was moved back reports nothing', async () => {
  const service = soon(after);
  await recordRotationEvents(service, queued(labelUpdated('AWSCURRENT')));
  const backAt = later(MOVED_AT, SECOND);
  const stages = { [CURRENT]: ['AWSCURRENT'], [PENDING]: ['AWSPREVIOUS'] };
  const back = aSecret({ versionStages: stages, lastChangedAt: backAt });
  service.catalog.put({ secret: back, createdAt: {} });
  await recordRotationEvents(service, queued(atTime(backAt, labelUpdated('AWSCURRENT', CURRENT))));
  service.catalog.put({ secret: after, createdAt: {} });
  const eventTime = new Date(later(backAt, SECOND)).toISOString();
  expect(
    await recordRotationEvents(service, queued(serviceEvent('RotationSucceeded', { eventTime }))),
  ).toEqual([]);
  expect(told(service)).toEqual([PENDING, CURRENT]);
});

test('a look that is older than its event is repeated after 1, 2 and 4 seconds, in the same run', async () => {
  const memory = soon(after);
  const { service, looks } = lagging(memory, 3);
  const start = memory.clock.now();
  expect(await recordRotationEvents(service, queued(labelUpdated('AWSCURRENT')))).toEqual([]);
  expect(looks()).toBe(4);
  expect(memory.clock.now() - start).toBe(7 * SECOND);
  expect(told(memory)).toEqual([PENDING]);
});

test('one old look does not hold up the other messages of the batch, and all wait together', async () => {
  const memory = soon(after);
  const { service } = lagging(memory, 100);
  const start = memory.clock.now();
  const events = Array.from({ length: 10 }, () => labelUpdated('AWSCURRENT'));
  const failed = await recordRotationEvents(service, queued(...events));
  expect(failed).toHaveLength(10);
  expect(memory.clock.now() - start).toBe(7 * SECOND);
});

test('a version that no look shows is never reported nor remembered, and the message comes back soon', async () => {
  const memory = soon(after);
  const { service } = lagging(memory, 100);
  const [message] = queued(labelUpdated('AWSCURRENT'));
  expect(await recordRotationEvents(service, received(1, message))).toEqual(['m0']);
  expect(told(memory)).toEqual([]);
  expect(await memory.moves.readMove(ARN)).toBeUndefined();
  expect(memory.postponed.postponed.get('handle-0')).toBe(20);
  expect(await recordRotationEvents(memory, received(2, message))).toEqual([]);
  expect(told(memory)).toEqual([PENDING]);
});

test('the receipts of a message reach beyond the time after which the look counts, and no dead letter is left', async () => {
  const memory = soon(before);
  const [message] = queued(labelUpdated('AWSCURRENT'));
  let receipts = 0;
  for (let failed = ['m0'] as readonly string[]; failed.length > 0; ) {
    receipts += 1;
    failed = await recordRotationEvents(memory, received(receipts, message));
    memory.clock.advance((memory.postponed.postponed.get('handle-0') ?? 0) * SECOND);
  }
  expect(receipts).toBeLessThanOrEqual(MAX_RECEIVES);
  expect(memory.clock.now()).toBeGreaterThanOrEqual(later(MOVED_AT, 5 * MINUTE));
  expect(told(memory)).toEqual([CURRENT]);
});

test('the last receipt of a message counts, also when others were lost to failures', async () => {
  const memory = soon(before);
  const [message] = queued(labelUpdated('AWSCURRENT'));
  expect(await recordRotationEvents(memory, received(MAX_RECEIVES, message))).toEqual([]);
});

test('a look that is newer than its event counts, whatever it shows', async () => {
  const service = soon(before);
  const newer = later(MOVED_AT, SECOND);
  const stages = { [PREVIOUS]: ['AWSCURRENT'], [PENDING]: ['AWSPREVIOUS'] };
  service.catalog.put({ secret: aSecret({ versionStages: stages, lastChangedAt: newer }), createdAt: {} });
  expect(await recordRotationEvents(service, queued(labelUpdated('AWSCURRENT')))).toEqual([]);
  expect(told(service)).toEqual([PREVIOUS]);
  const own = atTime(newer, labelUpdated('AWSCURRENT', PREVIOUS));
  await recordRotationEvents(service, queued(own));
  expect(told(service)).toEqual([PREVIOUS]);
});

test('an event that comes hours late reports the version in use', async () => {
  const service = soon(aSecret());
  service.clock.set(later(MOVED_AT, 12 * 60 * MINUTE));
  expect(await recordRotationEvents(service, queued(labelUpdated('AWSCURRENT', PENDING)))).toEqual([]);
  expect(told(service)).toEqual([CURRENT]);
});

test('a success that names no version waits for a look that knows of the rotation', async () => {
  const memory = soon(after);
  const { service, looks } = lagging(memory, 1);
  const unnamed = serviceEvent('RotationSucceeded', { requestID: '0fffffff-0000-4000-8000-000000000003' });
  expect(await recordRotationEvents(service, queued(unnamed))).toEqual([]);
  expect(looks()).toBe(2);
  expect(told(memory)).toEqual([PENDING]);
});

test.each([
  ['UpdateSecretVersionStage', { versionStage: 'AWSCURRENT', moveToVersionId: PENDING }, {}, true],
  ['UpdateSecretVersionStage', { versionStage: 'AWSPENDING', moveToVersionId: PENDING }, {}, false],
  ['UpdateSecretVersionStage', { versionStage: 'AWSCURRENT', removeFromVersionId: PENDING }, {}, false],
  ['PutSecretValue', { clientRequestToken: PENDING }, {}, true],
  ['PutSecretValue', { clientRequestToken: PENDING, versionStages: ['AWSPENDING'] }, {}, false],
  ['PutSecretValue', { clientRequestToken: PENDING, versionStages: ['AWSCURRENT', 'blue'] }, {}, true],
  ['UpdateSecret', { clientRequestToken: PENDING }, { versionId: PENDING }, true],
  ['UpdateSecret', { clientRequestToken: PENDING }, {}, false],
  ['RotateSecret', { clientRequestToken: PENDING }, { versionId: PENDING }, false],
])('%s with %j and answer %j: a move: %s', async (operation, asked, made, isMove) => {
  const service = soon(after);
  const event = apiCall(operation, asked, { responseElements: { arn: ARN, ...made } });
  expect(await recordRotationEvents(service, queued(event))).toEqual([]);
  expect(told(service)).toEqual(isMove ? [PENDING] : []);
});

test('a label other than AWSCURRENT reports nothing', async () => {
  const service = soon(after);
  await recordRotationEvents(service, queued(labelUpdated('blue')));
  expect(told(service)).toEqual([]);
});

test('without an application bus nothing is reported or remembered, and an old look is repeated even so', async () => {
  const memory = soon(after);
  const { service, looks } = lagging(memory, 1);
  await recordRotationEvents({ ...service, applicationBus: undefined }, queued(labelUpdated('AWSCURRENT')));
  expect(looks()).toBe(2);
  expect(await memory.moves.readMove(ARN)).toBeUndefined();
});

test('a move that the bus refused is reported when its message comes again, under the same sequence', async () => {
  const service = soon(after);
  const publish = () => Promise.reject(new EventSinkError('no', { reason: 'throttled', retryable: true }));
  const events = queued(labelUpdated('AWSCURRENT'));
  expect(await recordRotationEvents({ ...service, applicationBus: { publish } }, events)).toEqual(['m0']);
  expect(service.metrics.datapoints).toContainEqual({ name: 'InvalidationsFailed', value: 1 });
  const stored = await service.moves.readMove(ARN);
  expect(await recordRotationEvents(service, events)).toEqual([]);
  expect(service.applicationBus.events.map(({ detail }) => detail['sequence'])).toEqual([stored?.sequence]);
  expect((await service.moves.readMove(ARN))?.isTold).toBe(true);
});

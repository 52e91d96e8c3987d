import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import {
  type QueuedEvent,
  recordRotationEvents,
} from '../../../../../src/monitor/application/on-event/record-rotation-events.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import { isOpen } from '../../../../../src/monitor/domain/alert/alert.ts';
import { aSecret, at, CURRENT, NOW, PENDING, PENDING_APART } from '../../../../support/builders.ts';
import { apiCall, rotationFailed, serviceEvent } from '../../../../support/events/envelopes.ts';
import { named, pendingSince } from '../../../../support/secrets.ts';
import { aService, type MemoryService, TARGET } from '../../../../support/service.ts';

const FAILED_AT = at('2026-11-21T09:30:00Z');
const queued = (...envelopes: readonly unknown[]): readonly QueuedEvent[] =>
  envelopes.map((envelope, index) => ({ messageId: `m${index}`, body: JSON.stringify(envelope) }));
const withEventId = (eventID: string) => ({ eventID });

/** A service whose one secret has been pending since shortly before the failure. */
function rotating(): MemoryService {
  const service = aService();
  service.catalog.put({
    secret: aSecret({ versionStages: PENDING_APART }),
    createdAt: { [PENDING]: later(FAILED_AT, -MINUTE) },
  });
  return service;
}
const openCodes = async ({ store }: MemoryService) =>
  (await store.open(TARGET)).flatMap(({ alerts }) =>
    alerts.filter(isOpen).map(({ code, severity }) => `${code} ${severity}`),
  );
const counts = ({ metrics }: MemoryService, name: string) =>
  metrics.datapoints.filter((point) => point.name === name).reduce((sum, { value }) => sum + value, 0);

test('a failed rotation that has not healed within its grace is reported', async () => {
  const service = rotating();
  expect(await recordRotationEvents(service, queued(rotationFailed('setSecret')))).toEqual([]);
  expect(await openCodes(service)).toEqual(['rotation-failed MEDIUM']);
});

test('a failure within its grace is remembered and not reported', async () => {
  const service = rotating();
  service.clock.set(later(FAILED_AT, 15 * MINUTE));
  await recordRotationEvents(service, queued(rotationFailed('setSecret')));
  expect(await openCodes(service)).toEqual([]);
  expect((await service.store.read(aSecret().arn))?.evidence).toHaveLength(1);
});

test('a failure at testSecret is CRITICAL', async () => {
  const service = rotating();
  await recordRotationEvents(service, queued(rotationFailed('testSecret')));
  expect(await openCodes(service)).toEqual(['rotation-failed CRITICAL']);
});

test('a failed version that comes into use without an event is kept as a rotation that ended, once', async () => {
  const service = rotating();
  await sweepSecrets(service);
  await recordRotationEvents(service, queued(rotationFailed('testSecret')));
  service.clock.set(later(NOW, HOUR));
  const versionStages = { [CURRENT]: ['AWSPREVIOUS'], [PENDING]: ['AWSCURRENT', 'AWSPENDING'] };
  service.catalog.put({ secret: aSecret({ versionStages }), createdAt: {} });
  await sweepSecrets(service);
  const ended = {
    secretArn: aSecret().arn,
    kind: 'rotation-listed',
    at: service.clock.now(),
    after: PENDING,
  };
  service.clock.set(later(NOW, 2 * HOUR));
  await sweepSecrets(service);
  const kept = (await service.changes.changes(aSecret().arn)).filter(({ after }) => after === PENDING);
  expect(kept).toEqual([ended]);
});

test('a call on a secret that is gone is nothing about the one that was made under its name since', async () => {
  const call = apiCall(
    'CancelRotateSecret',
    {},
    { responseElements: null, eventTime: '2026-11-21T09:30:00Z' },
  );
  const evidenceOf = async (createdAt: string) => {
    const service = aService();
    service.catalog.put({ secret: aSecret({ createdAt: at(createdAt) }), createdAt: {} });
    await recordRotationEvents(service, queued(call));
    return (await service.store.read(aSecret().arn))?.evidence;
  };
  expect(await evidenceOf('2026-11-21T09:30:00.900Z')).toHaveLength(1);
  expect(await evidenceOf('2026-11-21T09:30:01Z')).toBeUndefined();
});

test('an event that comes twice counts once', async () => {
  const service = rotating();
  const events = queued(rotationFailed('setSecret'), rotationFailed('setSecret'));
  await recordRotationEvents(service, events);
  await recordRotationEvents(service, events);
  expect(counts(service, 'RotationFailed')).toBe(1);
  expect((await service.store.attempts(aSecret().arn))[0]?.failures).toHaveLength(1);
  expect((await service.store.read(aSecret().arn))?.outbox).toHaveLength(1);
});

test('an event that names no version counts for the attempt at the version that was pending then', async () => {
  const service = rotating();
  const unnamed = { ...withEventId('e9'), requestID: '0fffffff-0000-4000-8000-000000000003' };
  await recordRotationEvents(service, queued(rotationFailed('setSecret', unnamed)));
  await recordRotationEvents(service, queued(rotationFailed('setSecret', unnamed)));
  expect(await service.store.attempts(aSecret().arn)).toMatchObject([
    { versionId: PENDING, failures: [{ step: 'setSecret' }] },
  ]);
});

test('the order of events does not matter', async () => {
  const events = [
    serviceEvent('RotationStarted', withEventId('e1')),
    rotationFailed('setSecret', withEventId('e2')),
    rotationFailed('testSecret', { ...withEventId('e3'), eventTime: '2026-11-21T09:40:00Z' }),
  ];
  const forth = rotating();
  const back = rotating();
  for (const event of events) await recordRotationEvents(forth, queued(event));
  for (const event of [...events].reverse()) await recordRotationEvents(back, queued(event));
  expect(await openCodes(back)).toEqual(await openCodes(forth));
  expect((await back.store.read(aSecret().arn))?.evidence).toEqual(
    (await forth.store.read(aSecret().arn))?.evidence,
  );
});

test('a healed failure is a flake, counted and never reported', async () => {
  const service = rotating();
  service.clock.set(later(FAILED_AT, MINUTE));
  await recordRotationEvents(
    service,
    queued(
      serviceEvent('RotationStarted', withEventId('e0')),
      rotationFailed('setSecret', withEventId('e1')),
    ),
  );
  service.catalog.put({
    secret: aSecret({ versionStages: { [PENDING]: ['AWSCURRENT'], [CURRENT]: ['AWSPREVIOUS'] } }),
    createdAt: {},
  });
  const succeeded = { ...withEventId('e2'), eventTime: '2026-11-21T09:31:00Z' };
  await recordRotationEvents(service, queued(serviceEvent('RotationSucceeded', succeeded)));
  expect(await service.store.undelivered()).toEqual([]);
  expect(counts(service, 'RotationFlakes')).toBe(1);
  expect(counts(service, 'RotationSucceeded')).toBe(1);
  expect(counts(service, 'RotationDuration')).toBe(60);
});

test('a call that names its secret by name is resolved', async () => {
  const service = rotating();
  service.catalog.put({
    secret: aSecret({ versionStages: PENDING_APART, rotationEnabled: false, nextRotationAt: undefined }),
    createdAt: { [PENDING]: later(FAILED_AT, -MINUTE) },
  });
  await recordRotationEvents(service, queued(apiCall('CancelRotateSecret', {}, { responseElements: null })));
  const said = (await service.store.undelivered()).flatMap(({ outbox }) => outbox.map(({ code }) => code));
  expect(said).toEqual(['rotation-cancelled']);
});

test('an event about a secret that is gone is acknowledged', async () => {
  const service = aService();
  const event = apiCall('DeleteSecret', {}, { responseElements: null });
  expect(await recordRotationEvents(service, queued(event))).toEqual([]);
});

test('what nobody understands is counted, logged without its values, and acknowledged', async () => {
  const service = aService();
  const messages = [
    { messageId: 'm', body: 'no json: hunter2' },
    ...queued({ id: 'e', secretString: 'hunter2' }),
  ];
  expect(await recordRotationEvents(service, messages)).toEqual([]);
  expect(counts(service, 'EventsUnrecognised')).toBe(2);
  expect(JSON.stringify(service.records)).not.toContain('hunter2');
});

test('one message that fails does not stop the others and is answered for another try', async () => {
  const service = rotating();
  const store = {
    ...service.store,
    recordAttempt: (entry: Parameters<typeof service.store.recordAttempt>[0]) =>
      entry.eventId === 'bad' ? Promise.reject(new Error('broken')) : service.store.recordAttempt(entry),
  };
  const messages = queued(
    rotationFailed('setSecret', withEventId('bad')),
    rotationFailed('setSecret', withEventId('good')),
  );
  expect(await recordRotationEvents({ ...service, store }, messages)).toEqual(['m0']);
  expect(await openCodes(service)).toEqual(['rotation-failed MEDIUM']);
  expect(service.records[0]?.message).toBe('Cannot record a rotation event');
});

test('that events arrive is remembered, at most hourly', async () => {
  const service = rotating();
  await recordRotationEvents(service, queued(rotationFailed('setSecret', withEventId('e1'))));
  service.clock.set(later(NOW, HOUR - 1));
  await recordRotationEvents(service, queued(rotationFailed('setSecret', withEventId('e2'))));
  expect((await service.store.readTarget(TARGET))?.eventSeenAt).toBe(NOW);
  service.clock.set(later(NOW, HOUR));
  await recordRotationEvents(service, queued(rotationFailed('setSecret', withEventId('e3'))));
  expect((await service.store.readTarget(TARGET))?.eventSeenAt).toBe(NOW + HOUR);
});

test('a call that changes settings is kept for audits with its date and its actor', async () => {
  const service = rotating();
  const tags = [{ key: 'rotation-monitor:owner', value: 'payments' }];
  const event = apiCall('TagResource', { secretId: aSecret().arn, tags }, { responseElements: null });
  await recordRotationEvents(service, queued(event, event));
  expect(await service.changes.changes(aSecret().arn)).toMatchObject([
    { kind: 'owner-changed', after: 'payments', actor: expect.stringContaining('assumed-role') },
  ]);
});

test('twenty failures in one batch ask for one delivery', async () => {
  const service = aService();
  const names = Array.from({ length: 20 }, (_, index) => `prod/${index}`);
  for (const name of names) service.catalog.put(pendingSince(name, later(FAILED_AT, -MINUTE)));
  const failures = names.map((name) => {
    const SecretId = named(name).arn;
    return rotationFailed('setSecret', {
      ...withEventId(name),
      additionalEventData: { SecretId },
      requestID: `Rotation-${SecretId}-${PENDING}`,
    });
  });
  await recordRotationEvents(service, queued(...failures));
  expect((await service.store.undelivered()).length).toBe(20);
  expect(service.queue.wakes).toEqual([30]);
});

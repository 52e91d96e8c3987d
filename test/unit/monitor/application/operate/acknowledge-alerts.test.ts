import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import {
  acknowledgeAlerts,
  acknowledgeOnRequest,
} from '../../../../../src/monitor/application/operate/acknowledge-on-request.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import { aNotification } from '../../../../support/alerts.ts';
import { CURRENT, NOW, PREVIOUS } from '../../../../support/builders.ts';
import { named, pendingSince } from '../../../../support/secrets.ts';
import { aService, type MemoryService } from '../../../../support/service.ts';

async function stuck(): Promise<MemoryService> {
  const service = aService();
  await sweepSecrets(service);
  service.catalog.put(pendingSince('prod/db', later(NOW, -2 * HOUR)));
  await sweepSecrets(service);
  return service;
}
const said = async (service: MemoryService) =>
  (await service.store.undelivered()).flatMap(({ outbox }) => outbox.map(({ transition }) => transition));
const ack = { until: later(NOW, 2 * DAY), by: 'alex' };

test('an acknowledged alert is not repeated until the time is over', async () => {
  const service = await stuck();
  expect(await acknowledgeAlerts(service, 'prod/db', ack)).toMatchObject([{ code: 'stuck-pending' }]);
  service.clock.set(later(NOW, DAY + MINUTE));
  await sweepSecrets(service);
  expect(await said(service)).toEqual(['opened']);
  service.clock.set(later(NOW, 2 * DAY + MINUTE));
  await sweepSecrets(service);
  expect(await said(service)).toEqual(['opened', 'repeated']);
});

test('what waits for the escalation route is not sent once somebody is at it', async () => {
  const service = await stuck();
  const state = await service.store.read(named('prod/db').arn);
  if (state === undefined) throw new Error('The state is missing');
  const outbox = [...state.outbox, aNotification({ transition: 'escalated', id: 'escalated' })];
  await service.store.write({ ...state, outbox });
  await acknowledgeAlerts(service, 'prod/db', ack);
  expect(await said(service)).toEqual(['opened']);
});

test('whoever acknowledges another alert does not accept a value in use that was not reported yet', async () => {
  const service = await stuck();
  const state = await service.store.read(named('prod/db').arn);
  if (state === undefined) throw new Error('The state is missing');
  const outside = { kind: 'moved-back', from: CURRENT, to: PREVIOUS, seenAt: NOW } as const;
  const current = { versionId: PREVIOUS, seenAt: NOW, rotated: CURRENT, earlier: [CURRENT], outside };
  await service.store.write({ ...state, current });
  expect(await acknowledgeAlerts(service, 'prod/db', ack)).toMatchObject([{ code: 'stuck-pending' }]);
  expect((await service.store.read(named('prod/db').arn))?.current?.outside).toEqual(outside);
});

test('a secret is acknowledged by its ARN as by its name', async () => {
  const service = await stuck();
  expect(await acknowledgeAlerts(service, named('prod/db').arn, ack)).toHaveLength(1);
  expect((await service.store.read(named('prod/db').arn))?.alerts[0]?.ack).toEqual(ack);
});

test('one request acknowledges several secrets, and none of too many or of none', async () => {
  const service = await stuck();
  const asked = (secretId: readonly string[]) =>
    acknowledgeOnRequest(service, { secretId, for: '8h', by: 'alex' });
  expect((await asked(['prod/other', named('prod/db').arn])).acknowledged).toEqual(['stuck-pending']);
  await expect(asked([])).rejects.toThrow('a list of them');
  await expect(asked(Array.from({ length: 201 }, () => 'prod/db'))).rejects.toThrow(RangeError);
});

test('a secret without an open alert has nothing to acknowledge', async () => {
  const service = await stuck();
  expect(await acknowledgeAlerts(service, 'prod/other', ack)).toEqual([]);
});

test('an acknowledgement that another writer overtakes is made again', async () => {
  const service = await stuck();
  let conflicts = 2;
  const store = {
    ...service.store,
    write: async (state: Parameters<typeof service.store.write>[0]) =>
      conflicts-- > 0 ? ('conflict' as const) : service.store.write(state),
  };
  expect(await acknowledgeAlerts({ ...service, store }, 'prod/db', ack)).toHaveLength(1);
  expect((await service.store.read(named('prod/db').arn))?.alerts[0]?.ack).toEqual(ack);
});

test('a request acknowledges for as long as it says and answers what', async () => {
  const service = await stuck();
  expect(await acknowledgeOnRequest(service, { secretId: 'prod/db', for: '8h', by: 'alex' })).toEqual({
    acknowledged: ['stuck-pending'],
    until: '2026-11-21T18:00:00Z',
  });
});

test.each([
  {},
  { secretId: 'prod/db', for: '8h' },
  { secretId: '', for: '8h', by: 'alex' },
  { secretId: 'prod/db', for: 'long', by: 'alex' },
  { secretId: 'prod/db', for: '8d', by: 'alex' },
])('a request that lacks something is refused with what was expected: %j', async (request) => {
  await expect(acknowledgeOnRequest(await stuck(), request)).rejects.toThrow('"for": a duration up to 7d');
});

test('an acknowledgement keeps its reason, and ends when its operator says so', async () => {
  const service = await stuck();
  const asked = { secretId: 'prod/db', for: '8h', by: 'alex', reason: 'replacing the password' };
  await acknowledgeOnRequest(service, asked);
  const known = async () => (await service.store.read(named('prod/db').arn))?.alerts[0]?.ack;
  expect(await known()).toMatchObject({ by: 'alex', reason: 'replacing the password' });
  const { acknowledged } = await acknowledgeOnRequest(service, {
    secretId: 'prod/db',
    by: 'alex',
    end: true,
  });
  expect(acknowledged).toEqual(['stuck-pending']);
  expect(await known()).toBeUndefined();
});

test('a reason longer than a tag is refused', async () => {
  const asked = { secretId: 'prod/db', for: '8h', by: 'alex', reason: 'x'.repeat(257) };
  await expect(acknowledgeOnRequest(await stuck(), asked)).rejects.toThrow('256 characters');
});

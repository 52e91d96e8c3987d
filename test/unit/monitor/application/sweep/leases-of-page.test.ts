import { expect, test } from 'vitest';
import { DAY, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { checkOnRequest } from '../../../../../src/monitor/application/operate/check-on-request.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import { isOpen } from '../../../../../src/monitor/domain/alert/alert.ts';
import { LeaseError } from '../../../../../src/monitor/ports/store/lease-store.ts';
import { aLease, CURRENT, NOW } from '../../../../support/builders.ts';
import { healthy, named } from '../../../../support/secrets.ts';
import { aService, type MemoryService, TARGET } from '../../../../support/service.ts';

const ARN = named('prod/db').arn;
/** A lease that lasts as long as the test. */
const lasting = (given: Parameters<typeof aLease>[0] = {}) =>
  aLease({ expiresAt: later(NOW, 10 * DAY), ...given });

/** A service with a secret that rotated so long ago, and one consumer that has not confirmed. */
function rotated(agoMs: number): MemoryService {
  const service = aService();
  service.catalog.put(healthy('prod/db', { lastRotatedAt: later(NOW, -agoMs) }));
  service.leaseStore.put(ARN, lasting());
  return service;
}

const open = async ({ store }: MemoryService) =>
  (await store.open(TARGET)).flatMap(({ alerts }) =>
    alerts.filter(isOpen).map(({ code, severity }) => `${code} ${severity}`),
  );

test('a consumer that has not confirmed in time is reported, LOW first and MEDIUM after a day', async () => {
  const service = rotated(15 * MINUTE);
  await sweepSecrets(service);
  expect(await open(service)).toEqual([]);
  service.clock.advance(5 * MINUTE);
  expect(await sweepSecrets(service)).toMatchObject({ apiCalls: 2 });
  expect(await open(service)).toEqual(['invalidation-unconfirmed LOW']);
  service.clock.advance(DAY);
  await sweepSecrets(service);
  expect(await open(service)).toEqual(['invalidation-unconfirmed MEDIUM']);
});

test('it is over when the consumer confirms, or when its lease ends', async () => {
  const service = rotated(20 * MINUTE);
  await sweepSecrets(service);
  service.leaseStore.put(ARN, lasting({ confirmedVersionId: CURRENT, confirmedAt: NOW }));
  service.clock.advance(5 * MINUTE);
  await sweepSecrets(service);
  expect(await open(service)).toEqual([]);
  const other = rotated(20 * MINUTE);
  other.leaseStore.put(ARN, aLease({ expiresAt: later(NOW, 6 * MINUTE) }));
  await sweepSecrets(other);
  other.clock.advance(6 * MINUTE);
  await sweepSecrets(other);
  expect(await open(other)).toEqual([]);
});

test('a check that does not read the leases leaves the alert as it is', async () => {
  const service = rotated(20 * MINUTE);
  await sweepSecrets(service);
  await checkOnRequest(service, { secretId: ARN });
  expect(await open(service)).toEqual(['invalidation-unconfirmed LOW']);
});

test('consumers that have confirmed cost no call to Secrets Manager', async () => {
  const service = rotated(20 * MINUTE);
  service.leaseStore.put(ARN, lasting({ confirmedVersionId: CURRENT, confirmedAt: NOW }));
  expect(await sweepSecrets(service)).toMatchObject({ apiCalls: 1, suspects: [] });
});

test('leases are read only of secrets that rotated lately', async () => {
  const service = rotated(3 * DAY);
  const read: string[] = [];
  const leaseStore = {
    leases: async (arn: string) => {
      read.push(arn);
      return [];
    },
  };
  service.catalog.put(healthy('fresh', { lastRotatedAt: later(NOW, -30 * MINUTE) }));
  await sweepSecrets({ ...service, leaseStore });
  expect(read).toEqual([named('fresh').arn]);
});

test('leases that cannot be read stop no other secret', async () => {
  const service = rotated(20 * MINUTE);
  const leaseStore = {
    leases: async () => {
      throw new LeaseError('Cannot read the leases', { reason: 'throttled', retryable: true });
    },
  };
  await expect(sweepSecrets({ ...service, leaseStore })).rejects.toThrow(AggregateError);
  expect(service.metrics.datapoints.some(({ name }) => name === 'SecretsObserved')).toBe(true);
});

/** Returns the published counts about consumers. */
const counted = ({ metrics }: MemoryService) =>
  metrics.datapoints.flatMap(({ name, value }) =>
    name === 'InvalidationsConfirmed' || name === 'PropagationTime' ? [[name, value]] : [],
  );

test('consumers that confirmed are counted by the first sweep after their time, with the last to do so', async () => {
  const service = rotated(13 * MINUTE);
  const lastRotatedAt = later(NOW, -13 * MINUTE);
  const confirmed = (consumer: string, afterMs: number) =>
    service.leaseStore.put(
      ARN,
      lasting({ consumer, confirmedVersionId: CURRENT, confirmedAt: later(lastRotatedAt, afterMs) }),
    );
  confirmed('quick', 2_000);
  confirmed('slow', 90_000);
  service.leaseStore.put(ARN, aLease({ consumer: 'gone', expiresAt: later(NOW, MINUTE) }));
  await sweepSecrets(service);
  expect(counted(service)).toEqual([]);
  for (const _ of [1, 2]) {
    service.clock.advance(5 * MINUTE);
    await sweepSecrets(service);
    expect(counted(service)).toEqual([
      ['InvalidationsConfirmed', 2],
      ['PropagationTime', 90],
    ]);
  }
});

test('nothing is counted where no consumer has confirmed', async () => {
  const service = rotated(13 * MINUTE);
  await sweepSecrets(service);
  service.clock.advance(5 * MINUTE);
  await sweepSecrets(service);
  expect(counted(service)).toEqual([]);
});

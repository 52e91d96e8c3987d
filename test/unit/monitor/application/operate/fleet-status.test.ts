import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { fleetStatus, worstFirst } from '../../../../../src/monitor/application/operate/fleet-status.ts';
import { CatalogError } from '../../../../../src/monitor/ports/look/secret-catalog.ts';
import { NOW } from '../../../../support/builders.ts';
import { healthy, named, pendingSince } from '../../../../support/secrets.ts';
import { aService } from '../../../../support/service.ts';

const silent = (): void => undefined;

test('the worst secret comes first, then what is in progress, then the others by name', async () => {
  const service = aService();
  service.catalog.put(healthy('b/fine'));
  service.catalog.put(healthy('a/fine'));
  service.catalog.put(pendingSince('z/rotating', later(NOW, -10 * MINUTE)));
  service.catalog.put(pendingSince('m/stuck', later(NOW, -2 * HOUR)));
  const { secrets, failure } = await fleetStatus(service, silent);
  expect(failure).toBeUndefined();
  expect(secrets.map(({ name }) => name)).toEqual(['m/stuck', 'z/rotating', 'a/fine', 'b/fine']);
  expect(secrets[0]).toMatchObject({
    finding: { code: 'stuck-pending' },
    inProgress: true,
    pendingSince: later(NOW, -2 * HOUR),
  });
});

test('replicas are left out', async () => {
  const service = aService();
  service.catalog.put(healthy('prod/db'));
  service.catalog.put(healthy('prod/replica', { primaryRegion: 'us-east-1' }));
  const { secrets } = await fleetStatus(service, silent);
  expect(secrets.map(({ name }) => name)).toEqual(['prod/db']);
});

test('a list that fails is told with what was seen', async () => {
  const service = aService();
  const failing = {
    ...service.catalog,
    // biome-ignore lint/correctness/useYield: it fails before the first page
    async *list(): AsyncGenerator<never> {
      throw new CatalogError('Cannot list the secrets', { reason: 'denied', retryable: false });
    },
  };
  const { failure, secrets } = await fleetStatus({ ...service, catalog: failing }, silent);
  expect(failure).toMatchObject({ reason: 'denied' });
  expect(secrets).toEqual([]);
});

test('an owner is one of those that the settings allow', async () => {
  const service = aService();
  service.catalog.put(healthy('prod/a', { tags: { 'rotation-monitor:owner': 'payments' } }));
  service.catalog.put(healthy('prod/b', { tags: { 'rotation-monitor:owner': 'mallory' } }));
  const { secrets } = await fleetStatus(service, silent);
  expect(secrets.map(({ arn, owner }) => [arn, owner])).toEqual([
    [named('prod/a').arn, 'payments'],
    [named('prod/b').arn, undefined],
  ]);
});

test('an open alert may put a secret before one that a list shows as graver', async () => {
  const service = aService();
  service.catalog.put(pendingSince('a/stuck', later(NOW, -3 * HOUR)));
  service.catalog.put(pendingSince('b/dead', later(NOW, -2 * HOUR)));
  const { secrets } = await fleetStatus(service, silent);
  const order = worstFirst((secretArn) => (secretArn === named('b/dead').arn ? 'CRITICAL' : undefined));
  expect(secrets.map(({ name }) => name)).toEqual(['a/stuck', 'b/dead']);
  expect(secrets.toSorted(order).map(({ name }) => name)).toEqual(['b/dead', 'a/stuck']);
});

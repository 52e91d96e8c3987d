import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import { deliverAlerts } from '../../../../../src/monitor/application/tell/deliver-alerts.ts';
import type { SecretCatalog } from '../../../../../src/monitor/ports/look/secret-catalog.ts';
import { CatalogError } from '../../../../../src/monitor/ports/look/secret-catalog.ts';
import { NOW } from '../../../../support/builders.ts';
import { healthy, pendingSince } from '../../../../support/secrets.ts';
import { aService } from '../../../../support/service.ts';

/** A target whose secrets can be listed or not, swept every five minutes. */
function aFlappingTarget() {
  const service = aService();
  service.catalog.put(healthy('prod/db'));
  let isDown = false;
  const list: SecretCatalog['list'] = (options) => {
    if (isDown)
      throw new CatalogError('Cannot list', { reason: 'throttled', retryable: true, ofTarget: true });
    return service.catalog.list(options);
  };
  const flapping = { ...service, catalog: { ...service.catalog, list } };
  const run = async (ms: number, down: boolean) => {
    isDown = down;
    for (let passed = 0; passed < ms; passed += 5 * MINUTE) {
      service.clock.advance(5 * MINUTE);
      await sweepSecrets(flapping).catch(() => undefined);
      await deliverAlerts(flapping, 'deliver');
    }
  };
  return { service, flapping, run };
}

test('a target that was out of reach again and again is resolved once it has been clear for half an hour', async () => {
  const { service, flapping, run } = aFlappingTarget();
  await sweepSecrets(flapping);
  for (let turn = 0; turn < 4; turn++) {
    await run(25 * MINUTE, true);
    await run(15 * MINUTE, false);
  }
  await run(HOUR, false);
  const told = service.notifier.messages.map(({ attributes }) => attributes['transition']);
  expect(told.at(-1)).toBe('resolved');
  expect(told.filter((transition) => transition === 'resolved')).toHaveLength(
    told.filter((transition) => transition === 'opened').length,
  );
  expect(await service.store.open(service.settings.target)).toEqual([]);
});

test('a target that can be listed again is resolved, although one of its secrets cannot be checked', async () => {
  const { service, flapping, run } = aFlappingTarget();
  service.catalog.put(pendingSince('prod/stuck', later(NOW, -3 * HOUR)));
  await sweepSecrets(flapping);
  await run(40 * MINUTE, true);
  await run(0, false);
  const describe: SecretCatalog['describe'] = async () => {
    throw new TypeError('fetch failed');
  };
  const failing = { ...flapping, catalog: { ...flapping.catalog, describe } };
  service.clock.advance(2 * HOUR);
  await expect(sweepSecrets(failing)).rejects.toThrow('1 secret could not be checked');
  service.clock.advance(MINUTE);
  await deliverAlerts(service, 'deliver');
  const ends = service.notifier.messages.filter(({ attributes }) => attributes['transition'] === 'resolved');
  expect(ends.map(({ attributes }) => attributes['code'])).toEqual(['target-unreachable']);
});

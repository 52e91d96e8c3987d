import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../../../../src/calendar/instant.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import { deliverAlerts } from '../../../../../src/monitor/application/tell/deliver-alerts.ts';
import type { SecretCatalog } from '../../../../../src/monitor/ports/look/secret-catalog.ts';
import { CatalogError } from '../../../../../src/monitor/ports/look/secret-catalog.ts';
import { healthy } from '../../../../support/secrets.ts';
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

import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import type { Service } from '../../../../../src/monitor/application/service.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import { deliverAlerts } from '../../../../../src/monitor/application/tell/deliver-alerts.ts';
import type { SecretState } from '../../../../../src/monitor/domain/state/secret-state.ts';
import { NOW } from '../../../../support/builders.ts';
import { healthy, pendingSince } from '../../../../support/secrets.ts';
import { aService, type MemoryService, TARGET } from '../../../../support/service.ts';

/** The service whose index of open alerts shows what it showed at another time. */
const showing = (service: MemoryService, open: readonly SecretState[]): Service => ({
  ...service,
  store: { ...service.store, open: async () => open },
});

async function swept(service: Service, memory: MemoryService): Promise<void> {
  memory.clock.advance(5 * MINUTE);
  await sweepSecrets(service);
  memory.clock.advance(2 * MINUTE);
  await deliverAlerts(memory, `run-${memory.clock.now()}`);
}

/** A service past its baseline with one alert that was reported. */
async function alerted(): Promise<MemoryService> {
  const service = aService();
  await sweepSecrets(service);
  service.catalog.put(pendingSince('prod/a', later(NOW, -2 * HOUR)));
  await swept(service, service);
  return service;
}

const subjects = ({ notifier }: MemoryService) => notifier.messages.map(({ subject }) => subject);

test('an index that does not show an alert yet repeats nothing', async () => {
  const service = await alerted();
  await swept(showing(service, []), service);
  expect(subjects(service)).toEqual([expect.stringContaining('stuck-pending')]);
});

test('an index that still shows an alert that is over repeats neither the alert nor its end', async () => {
  const service = await alerted();
  const before = await service.store.open(TARGET);
  service.catalog.put(healthy('prod/a'));
  await swept(service, service);
  await swept(showing(service, before), service);
  expect(subjects(service)).toEqual([
    expect.stringContaining('stuck-pending'),
    expect.stringContaining('RESOLVED'),
  ]);
});

test('an index that still shows an alert of a secret that is gone ends it once', async () => {
  const service = await alerted();
  const before = await service.store.open(TARGET);
  service.catalog.remove(before[0]?.subject as never);
  for (let sweep = 0; sweep < 4; sweep++) await swept(showing(service, before), service);
  expect(subjects(service).filter((subject) => subject.includes('RESOLVED'))).toHaveLength(1);
});

import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { acknowledgeAlerts } from '../../../../../src/monitor/application/operate/acknowledge-on-request.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import { deliverAlerts } from '../../../../../src/monitor/application/tell/deliver-alerts.ts';
import { CURRENT, NOW, PENDING, PREVIOUS } from '../../../../support/builders.ts';
import { named } from '../../../../support/secrets.ts';
import { aService, type MemoryService } from '../../../../support/service.ts';

const OTHER = 'terraform-20260122045848689200000001';

/** Puts the version in use of a secret into the catalog: changed now, rotated so long ago. */
function use(service: MemoryService, name: string, versionId: string, rotatedAgoMs: number): void {
  const now = service.clock.now();
  const secret = {
    ...named(name),
    versionStages: { [versionId]: ['AWSCURRENT'], [PREVIOUS]: ['AWSPREVIOUS'] },
    lastChangedAt: now,
    lastRotatedAt: later(now, -rotatedAgoMs),
    nextRotationAt: later(now, 20 * DAY),
  };
  service.catalog.put({ secret, createdAt: {} });
}

async function after(service: MemoryService, ms: number): Promise<void> {
  service.clock.advance(ms);
  await sweepSecrets(service);
  service.clock.advance(MINUTE);
  await deliverAlerts(service, `at ${service.clock.now()}`);
}

/** Two secrets behind one function whose values were replaced, which was reported. */
async function twoReplaced(): Promise<MemoryService> {
  const service = aService();
  for (const name of ['prod/a', 'prod/b']) use(service, name, CURRENT, 9 * DAY);
  await after(service, 0);
  for (const name of ['prod/a', 'prod/b']) use(service, name, OTHER, 10 * DAY);
  await after(service, HOUR);
  await after(service, 16 * MINUTE);
  return service;
}

const subjects = ({ notifier }: MemoryService): readonly string[] =>
  notifier.messages.map(({ subject }) => subject);
const until = later(NOW, 2 * DAY);

test('a changed value that somebody accepts is over at once, and nobody is sent its end', async () => {
  const service = await twoReplaced();
  expect(subjects(service)).toEqual(['[LOW] 2 secrets: current-changed-outside-rotation']);
  await acknowledgeAlerts(service, named('prod/a').arn, { until, by: 'alex' });
  await after(service, 5 * MINUTE);
  expect((await service.store.read(named('prod/a').arn))?.alerts).toEqual([]);
  expect(subjects(service)).toHaveLength(1);
  expect(await service.store.undelivered()).toEqual([]);
});

test('the end of another changed value behind the function does not wait for one that was accepted', async () => {
  const service = await twoReplaced();
  await acknowledgeAlerts(service, named('prod/a').arn, { until, by: 'alex' });
  await after(service, 5 * MINUTE);
  use(service, 'prod/b', PENDING, 0);
  await after(service, HOUR);
  expect(subjects(service).slice(1)).toEqual(['[RESOLVED] prod/b: current-changed-outside-rotation']);
});

test('what was accepted before it could be reported is reported to nobody', async () => {
  const service = aService();
  use(service, 'prod/a', CURRENT, 9 * DAY);
  await after(service, 0);
  use(service, 'prod/a', OTHER, 10 * DAY);
  await after(service, HOUR);
  service.clock.advance(16 * MINUTE);
  await sweepSecrets(service);
  await acknowledgeAlerts(service, named('prod/a').arn, { until, by: 'alex' });
  await after(service, 5 * MINUTE);
  expect(subjects(service)).toEqual([]);
  expect(await service.store.undelivered()).toEqual([]);
});

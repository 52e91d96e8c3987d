import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import { aSecret, CURRENT, NOW, PENDING, PREVIOUS } from '../../../../support/builders.ts';
import { aService } from '../../../../support/service.ts';

const OTHER = 'terraform-20260122045848689200000001';

/** A secret that last changed and rotated so long ago. */
const inUse = (versionId: string, changedAgoMs: number, rotatedAgoMs = 9 * DAY) =>
  aSecret({
    versionStages: { [versionId]: ['AWSCURRENT'], [PREVIOUS]: ['AWSPREVIOUS'] },
    lastChangedAt: later(NOW, -changedAgoMs),
    lastRotatedAt: later(NOW, -rotatedAgoMs),
    nextRotationAt: later(NOW, 20 * DAY),
  });

async function swept(service: ReturnType<typeof aService>, ms: number) {
  service.clock.advance(ms);
  await sweepSecrets(service);
  return service.store.read(aSecret().arn);
}

test('the first sweep notes every secret that rotates, and calls nothing for it', async () => {
  const service = aService();
  service.catalog.put({ secret: inUse(CURRENT, 9 * DAY), createdAt: {} });
  const state = await swept(service, 0);
  expect(state?.current).toMatchObject({ versionId: CURRENT, rotated: CURRENT, earlier: [PREVIOUS] });
  expect(state?.alerts).toEqual([]);
});

test('a value that was replaced is found without any event, once 15 minutes have passed', async () => {
  const service = aService();
  service.catalog.put({ secret: inUse(CURRENT, 9 * DAY), createdAt: {} });
  await swept(service, 0);
  service.catalog.put({ secret: inUse(OTHER, -HOUR), createdAt: {} });
  expect((await swept(service, HOUR))?.current?.outside?.kind).toBe('replaced');
  const told = await swept(service, 16 * MINUTE);
  expect(told?.alerts.map(({ code, severity }) => [code, severity])).toEqual([
    ['current-changed-outside-rotation', 'LOW'],
  ]);
});

test('a rotation of which no event came is none: its date says so', async () => {
  const service = aService();
  service.catalog.put({ secret: inUse(CURRENT, 9 * DAY), createdAt: {} });
  await swept(service, 0);
  service.catalog.put({ secret: inUse(PENDING, -HOUR, -HOUR), createdAt: {} });
  const state = await swept(service, 2 * HOUR);
  expect(state?.current).toMatchObject({ versionId: PENDING, rotated: PENDING });
  expect(state?.current?.outside).toBeUndefined();
});

test('a list that is older than what was seen changes nothing', async () => {
  const service = aService();
  service.catalog.put({ secret: inUse(CURRENT, MINUTE), createdAt: {} });
  await swept(service, 0);
  service.catalog.put({ secret: inUse(OTHER, MINUTE), createdAt: {} });
  expect((await swept(service, MINUTE))?.current?.versionId).toBe(CURRENT);
});

test('what does not rotate is not remembered', async () => {
  const service = aService();
  service.catalog.put({ secret: { ...inUse(CURRENT, 9 * DAY), rotationEnabled: undefined }, createdAt: {} });
  expect(await swept(service, 0)).toBeUndefined();
});

import { expect, test } from 'vitest';
import { DAY, HOUR, type Instant, later, MINUTE, SECOND } from '../../../../../src/calendar/instant.ts';
import { checkSecret } from '../../../../../src/monitor/application/look/check-secret.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import { isOpen } from '../../../../../src/monitor/domain/alert/alert.ts';
import type { Secret, SecretArn } from '../../../../../src/monitor/domain/secret/secret.ts';
import { CURRENT, NOW, PENDING } from '../../../../support/builders.ts';
import { healthy } from '../../../../support/secrets.ts';
import { aService, type MemoryService, TARGET } from '../../../../support/service.ts';

/** A secret that nobody rotates, made long ago, whose tags were changed yesterday. */
const unrotated = (name: string, valueAt: Instant, given: Partial<Secret> = {}) => ({
  ...healthy(name, {
    rotationEnabled: undefined,
    rotationFunctionArn: undefined,
    rotationRules: undefined,
    nextRotationAt: undefined,
    lastRotatedAt: undefined,
    createdAt: later(NOW, -200 * DAY),
    lastChangedAt: later(NOW, -DAY),
    tags: { 'rotation-monitor:expect-every': '30d' },
    ...given,
  }),
  createdAt: { [CURRENT]: valueAt },
});

/** A service that counts how often the versions of a secret are listed. */
function counting(service: MemoryService = aService()) {
  const asked: string[] = [];
  const { catalog } = service;
  const versions = (arn: SecretArn) => {
    asked.push(arn);
    return catalog.versions(arn);
  };
  return { ...service, catalog: { ...catalog, versions }, asked };
}

const open = async ({ store }: Pick<MemoryService, 'store'>): Promise<readonly string[]> =>
  (await store.open(TARGET)).flatMap(({ name, alerts }) =>
    alerts.filter(isOpen).map(({ code, severity }) => `${name} ${severity} ${code}`),
  );

test('a change of tags hides no old value: its date is asked for once, and it is reported', async () => {
  const service = counting();
  service.catalog.put(unrotated('old', later(NOW, -45 * DAY)));
  const { suspects } = await sweepSecrets(service);
  expect(suspects.map(({ findings }) => findings.map(({ what }) => what))).toEqual([
    [expect.stringContaining('the value in use has been there since 2026-10-07')],
  ]);
  expect(await open(service)).toEqual(['old MEDIUM rotation-overdue']);
  for (let sweep = 0; sweep < 30; sweep++) {
    service.clock.advance(HOUR);
    await sweepSecrets(service);
  }
  expect(service.asked).toHaveLength(1);
});

test('a value that is younger than expected is asked about once, however often it is swept', async () => {
  const service = counting();
  service.catalog.put(unrotated('young', later(NOW, -2 * DAY)));
  for (let sweep = 0; sweep < 60; sweep++) {
    await sweepSecrets(service);
    service.clock.advance(HOUR);
  }
  expect(service.asked).toHaveLength(1);
  expect(await open(service)).toEqual([]);
});

test('a value that grows too old is reported at its deadline, or within a day by the sweeps alone', async () => {
  const service = counting();
  service.catalog.put(unrotated('growing', later(NOW, -29 * DAY)));
  await sweepSecrets(service);
  expect(service.deadlines.checks.map(({ at }) => at)).toEqual([later(NOW, DAY + 15 * MINUTE + 2 * SECOND)]);
  service.clock.advance(DAY + 10 * MINUTE);
  await sweepSecrets(service);
  expect(await open(service)).toEqual([]);
  for (let sweep = 0; sweep < 24; sweep++) {
    service.clock.advance(HOUR);
    await sweepSecrets(service);
  }
  expect(await open(service)).toEqual(['growing MEDIUM rotation-overdue']);
  expect(service.asked).toHaveLength(1);
});

test('a new value ends it, and its date is asked for once more', async () => {
  const service = counting();
  const { secret } = unrotated('old', NOW);
  service.catalog.put(unrotated('old', later(NOW, -45 * DAY)));
  await sweepSecrets(service);
  service.clock.advance(HOUR);
  const now = service.clock.now();
  const changed = { ...secret, lastChangedAt: now, versionStages: { [PENDING]: ['AWSCURRENT'] } };
  service.catalog.put({ secret: changed, createdAt: { [PENDING]: now } });
  await sweepSecrets(service);
  expect(await open(service)).toEqual([]);
  expect(service.asked).toHaveLength(2);
});

test('nobody is asked about what is proven without, is too young, or is expected by nobody', async () => {
  const service = counting();
  const old = later(NOW, -45 * DAY);
  service.catalog.put(unrotated('proven', old, { lastChangedAt: later(NOW, -40 * DAY) }));
  service.catalog.put(unrotated('new', later(NOW, -5 * DAY), { createdAt: later(NOW, -5 * DAY) }));
  service.catalog.put(unrotated('free', old, { tags: {} }));
  service.catalog.put(unrotated('copy', old, { primaryRegion: 'us-east-1' }));
  await sweepSecrets(service);
  expect(service.asked).toEqual([]);
  expect(await open(service)).toEqual(['proven MEDIUM rotation-overdue']);
});

test('the setting expects of all secrets, and a check by hand asks as a sweep does', async () => {
  const memory = aService();
  const policyDefaults = { ...memory.settings.policyDefaults, expectEveryMs: 30 * DAY };
  const service = counting({ ...memory, settings: { ...memory.settings, policyDefaults } });
  const stored = unrotated('old', later(NOW, -61 * DAY), { tags: {} });
  service.catalog.put(stored);
  const request = { evidence: [], listed: undefined, known: undefined, baseline: false, eventsArrive: true };
  for (let check = 0; check < 3; check++) await checkSecret(service, { arn: stored.secret.arn, ...request });
  expect(service.asked).toHaveLength(1);
  expect(await open(service)).toEqual(['old HIGH rotation-overdue']);
});

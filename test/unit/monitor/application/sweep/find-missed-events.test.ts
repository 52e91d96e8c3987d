import { expect, test } from 'vitest';
import { DAY, HOUR, type Instant, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { checkSecret } from '../../../../../src/monitor/application/look/check-secret.ts';
import { sweepSecrets } from '../../../../../src/monitor/application/sweep/sweep-secrets.ts';
import type { Evidence } from '../../../../../src/monitor/domain/rotation/evidence.ts';
import type { SecretArn } from '../../../../../src/monitor/domain/secret/secret.ts';
import type { AttemptEntry } from '../../../../../src/monitor/ports/store/attempt-store.ts';
import { StoreError } from '../../../../../src/monitor/ports/store/store-error.ts';
import { anEvidence, CURRENT, NOW, PENDING } from '../../../../support/builders.ts';
import { healthy, named } from '../../../../support/secrets.ts';
import { aService, type MemoryService, TARGET } from '../../../../support/service.ts';

const NAMES = ['prod/a', 'prod/b', 'prod/c'];

/** A service past its baseline whose secrets rotate a minute later, to version {@link PENDING}. */
async function rotated(...names: readonly string[]): Promise<MemoryService> {
  const service = aService();
  for (const name of names) service.catalog.put(healthy(name, { lastRotatedAt: later(NOW, -DAY) }));
  await sweepSecrets(service);
  for (const name of names) service.catalog.put(rotatedAt(name, later(NOW, MINUTE)));
  return service;
}

const rotatedAt = (name: string, at: Instant, versionId = PENDING) =>
  healthy(name, {
    lastRotatedAt: at,
    nextRotationAt: later(at, 30 * DAY),
    versionStages: { [versionId]: ['AWSCURRENT', 'AWSPENDING'], [CURRENT]: ['AWSPREVIOUS'] },
  });

async function sweepFor(service: MemoryService, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 5 * MINUTE) {
    service.clock.advance(5 * MINUTE);
    await sweepSecrets(service);
  }
}

const attempt = (name: string, given: Partial<AttemptEntry> = {}): AttemptEntry => ({
  secretArn: named(name).arn,
  versionId: PENDING,
  eventId: `e-${name}`,
  kind: 'succeeded',
  step: undefined,
  at: later(NOW, MINUTE),
  ...given,
});

const counted = ({ metrics }: MemoryService, metric: string): number =>
  metrics.datapoints.filter(({ name }) => name === metric).reduce((sum, { value }) => sum + value, 0);
test('a rotation of which no event came is counted once, in two hours of sweeps', async () => {
  const service = await rotated(...NAMES);
  await sweepFor(service, 30 * MINUTE);
  expect(counted(service, 'EventsMissed')).toBe(0);
  await sweepFor(service, 90 * MINUTE);
  expect(counted(service, 'EventsMissed')).toBe(3);
  expect(service.records.filter(({ message }) => message === 'No event came of a rotation')).toHaveLength(3);
});

test('a date that a value put by hand has moved is no rotation whose event was missed', async () => {
  const service = aService();
  service.catalog.put(healthy('prod/a', { lastRotatedAt: later(NOW, -DAY) }));
  await sweepSecrets(service);
  const check = (evidence: readonly Evidence[]) =>
    checkSecret(service, {
      arn: named('prod/a').arn,
      evidence,
      listed: undefined,
      known: undefined,
      baseline: false,
      eventsArrive: true,
    });
  await check([]);
  service.catalog.put(
    healthy('prod/a', {
      lastRotatedAt: later(NOW, MINUTE),
      nextRotationAt: later(NOW, 30 * DAY),
      versionStages: { [PENDING]: ['AWSCURRENT'], [CURRENT]: ['AWSPREVIOUS'] },
    }),
  );
  const put = { operation: 'PutSecretValue', versionId: PENDING, makesCurrent: true } as const;
  service.clock.advance(2 * MINUTE);
  await check([anEvidence('secret-changed', -MINUTE, put)]);
  await sweepFor(service, 2 * HOUR);
  expect(counted(service, 'EventsMissed')).toBe(0);
});

test.each([
  ['of the version', {}],
  ['of the start of the rotation alone', { kind: 'started' as const }],
  ['that names no version', { versionId: undefined }],
])('an event %s is news of the rotation', async (_case, given) => {
  const service = await rotated('prod/a');
  await service.store.recordAttempt(attempt('prod/a', given));
  await sweepFor(service, 60 * MINUTE);
  expect(counted(service, 'EventsMissed')).toBe(0);
});

test('an event of another rotation is no news of this one', async () => {
  const service = await rotated('prod/a');
  await service.store.recordAttempt(attempt('prod/a', { versionId: CURRENT, at: later(NOW, -DAY) }));
  await sweepFor(service, 60 * MINUTE);
  expect(counted(service, 'EventsMissed')).toBe(1);
});

test('what rotated before the first sweep was complete is not asked for', async () => {
  const service = aService();
  service.catalog.put(rotatedAt('prod/a', later(NOW, -20 * MINUTE)));
  await sweepSecrets(service);
  await sweepFor(service, 60 * MINUTE);
  expect(counted(service, 'EventsMissed')).toBe(0);
});

test('sweeps that do not run for half an hour miss no missed event', async () => {
  const service = await rotated('prod/a');
  await sweepFor(service, 30 * MINUTE);
  service.clock.advance(30 * MINUTE);
  await sweepSecrets(service);
  expect(counted(service, 'EventsMissed')).toBe(1);
});

test('a secret that cannot be checked is checked by the next sweep, and no other is counted twice', async () => {
  const service = await rotated(...NAMES);
  await sweepFor(service, 30 * MINUTE);
  service.clock.advance(5 * MINUTE);
  const broken = () =>
    Promise.reject(new StoreError('Cannot read', { reason: 'throttled', retryable: true }));
  const { store } = service;
  const failing = {
    ...service,
    store: {
      ...store,
      attempts: (arn: SecretArn) => (arn === named('prod/b').arn ? broken() : store.attempts(arn)),
    },
  };
  await expect(sweepSecrets(failing)).rejects.toThrow('1 secret could not be checked');
  expect(service.heartbeat.beats()).toBe(7);
  await sweepFor(service, 60 * MINUTE);
  expect(counted(service, 'EventsMissed')).toBe(3);
});

test('looking costs one read of the store for a rotation, once, and no call to Secrets Manager', async () => {
  const service = await rotated(...NAMES);
  for (let index = 0; index < 300; index++) service.catalog.put(healthy(`quiet/${index}`));
  for (const name of NAMES) await service.store.recordAttempt(attempt(name));
  let reads = 0;
  const { store } = service;
  const counting = {
    ...store,
    attempts: (arn: SecretArn) => {
      reads += 1;
      return store.attempts(arn);
    },
  };
  for (let sweep = 0; sweep < 24; sweep++) {
    service.clock.advance(5 * MINUTE);
    expect((await sweepSecrets({ ...service, store: counting })).apiCalls).toBe(4);
  }
  expect(reads).toBe(3);
  const record = await store.readTarget(TARGET);
  expect(record?.eventsCheckedUntil).toBe(later(NOW, 5 * MINUTE));
});

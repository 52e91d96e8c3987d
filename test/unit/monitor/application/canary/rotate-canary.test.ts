import { expect, test } from 'vitest';
import type { Instant } from '../../../../../src/calendar/instant.ts';
import { memoryCanarySecret } from '../../../../../src/monitor/adapters/memory/memory-canary-secret.ts';
import { CanaryFailure, rotateCanary } from '../../../../../src/monitor/application/canary/rotate-canary.ts';
import { tickCanary } from '../../../../../src/monitor/application/canary/tick-canary.ts';
import { CANARY_TAGS } from '../../../../../src/monitor/domain/rotation/canary.ts';
import {
  ROTATION_STEPS,
  type RotationStep,
} from '../../../../../src/monitor/domain/rotation/rotation-event.ts';
import { aSecret, at, CURRENT, PENDING } from '../../../../support/builders.ts';

const MORNING = at('2026-11-21T08:10:00Z');
const AFTERNOON = at('2026-11-21T16:10:00Z');
const ARN = aSecret().arn;

/** A clock that stands still. */
const standing = (now: Instant) => ({ now: () => now, pause: async () => undefined });

/** A canary, and what Secrets Manager does with it: all four steps, or as far as they succeed. */
function rotated(now: Instant) {
  const canary = memoryCanarySecret(ARN, CURRENT);
  const service = { canary, clock: standing(now) };
  const step = (step: RotationStep, versionId = PENDING) =>
    rotateCanary(service, { step, secretId: ARN, versionId, rotationToken: undefined });
  const attempt = async (versionId = PENDING): Promise<string> => {
    for (const each of ROTATION_STEPS) {
      try {
        await step(each, versionId);
      } catch (error) {
        return `${each}: ${error instanceof CanaryFailure ? 'on purpose' : String(error)}`;
      }
    }
    return 'succeeded';
  };
  const current = async () => (await canary.look()).currentVersionId;
  return { canary, step, attempt, current };
}

test('a rotation of the afternoon succeeds at once', async () => {
  const { attempt, current } = rotated(AFTERNOON);
  expect(await attempt()).toBe('succeeded');
  expect(await current()).toBe(PENDING);
});

test('a rotation of the morning fails once in testSecret, and its next attempt succeeds with the same value', async () => {
  const { canary, attempt, current } = rotated(MORNING);
  expect(await attempt()).toBe('testSecret: on purpose');
  expect(await current()).toBe(CURRENT);
  const value = canary.writtenTo(PENDING);
  expect(await attempt()).toBe('succeeded');
  expect(await current()).toBe(PENDING);
  expect(canary.writtenTo(PENDING)).toBe(value);
});

test('each rotation of the morning fails once', async () => {
  const { attempt } = rotated(MORNING);
  expect([await attempt('v1'), await attempt('v1')]).toEqual(['testSecret: on purpose', 'succeeded']);
  expect([await attempt('v2'), await attempt('v2')]).toEqual(['testSecret: on purpose', 'succeeded']);
});

test('a step that is asked for twice does no harm', async () => {
  const { step, attempt, current } = rotated(AFTERNOON);
  await attempt();
  for (const each of ROTATION_STEPS) await step(each);
  expect(await current()).toBe(PENDING);
});

test('no other secret is touched', async () => {
  const { canary } = rotated(AFTERNOON);
  const request = { step: 'createSecret' as const, secretId: 'prod/orders/db', versionId: PENDING };
  const service = { canary, clock: standing(AFTERNOON) };
  await expect(rotateCanary(service, { ...request, rotationToken: undefined })).rejects.toThrow(
    'Cannot rotate "prod/orders/db": it is not the canary',
  );
  expect(canary.writtenTo(PENDING)).toBeUndefined();
});

test('a tick leaves its time behind', async () => {
  const canary = memoryCanarySecret(ARN, CURRENT);
  await tickCanary({ canary, clock: standing(MORNING) });
  expect((await canary.look()).tags).toEqual({ [CANARY_TAGS.tickedAt]: '2026-11-21T08:10:00Z' });
});

test('without a canary its functions say which setting is missing', async () => {
  await expect(tickCanary({ canary: undefined, clock: standing(MORNING) })).rejects.toThrow(
    'Cannot use the canary: set "canary-secret-arn"',
  );
});

import { expect, test } from 'vitest';
import { DAY, type Instant, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import {
  isByRotation,
  isQuiet,
  mayUsePrevious,
  previousUse,
  stillPrevious,
} from '../../../../../src/monitor/domain/rotation/previous-version.ts';
import type { Secret } from '../../../../../src/monitor/domain/secret/secret.ts';
import { anEvidence, aSecret, at, CURRENT, PENDING, PREVIOUS } from '../../../../support/builders.ts';

const ROTATED = at('2026-11-02T00:20:00Z');
const DAY_OF_ROTATION = at('2026-11-02T00:00:00Z');
const NEXT_DAY = at('2026-11-03T00:00:00Z');

const used = (given: Partial<Secret> = {}) =>
  aSecret({ lastAccessedAt: at('2026-11-20T00:00:00Z'), ...given });
const versions = (lastAccessedAt: Instant | undefined, madeThen = later(ROTATED, -MINUTE)) => ({
  [CURRENT]: { createdAt: madeThen, lastAccessedAt: undefined },
  [PREVIOUS]: { createdAt: later(ROTATED, -30 * DAY), lastAccessedAt },
});

test('a request on a later day than the rotation is a use of the previous version', () => {
  expect(previousUse(used(), versions(NEXT_DAY))).toEqual({
    versionId: PREVIOUS,
    requestedOn: NEXT_DAY,
    rotatedAt: ROTATED,
  });
});

test('a request on the day of the rotation is none, nor is no request', () => {
  expect(previousUse(used(), versions(DAY_OF_ROTATION))).toBeUndefined();
  expect(previousUse(used(), versions(undefined))).toBeUndefined();
});

test('after a rotation at midnight the day that begins then is still its day', () => {
  const midnight = at('2026-11-02T00:00:00Z');
  const secret = used({ lastRotatedAt: midnight });
  expect(previousUse(secret, versions(midnight, midnight))).toBeUndefined();
  expect(previousUse(secret, versions(NEXT_DAY, midnight))).toMatchObject({ requestedOn: NEXT_DAY });
});

test('where labels were moved by hand since, nothing is said', () => {
  const putByHand = versions(NEXT_DAY, later(ROTATED, DAY));
  expect(previousUse(used(), putByHand)).toBeUndefined();
  const movedBack = versions(NEXT_DAY, later(ROTATED, -60 * DAY));
  expect(previousUse(used(), movedBack)).toBeUndefined();
});

const without: readonly [string, Partial<Secret>][] = [
  ['a secret that was never requested', { lastAccessedAt: undefined }],
  ['a secret that was not requested after the rotation', { lastAccessedAt: DAY_OF_ROTATION }],
  ['a secret that never rotated', { lastRotatedAt: undefined }],
  ['a secret without a previous version', { versionStages: { [CURRENT]: ['AWSCURRENT'] } }],
  ['a secret that is deleted', { deletedAt: ROTATED }],
  ['a replica', { primaryRegion: 'us-east-1' }],
  ['a secret without a schedule', { rotationRules: undefined }],
  [
    'a secret that rotates every six days',
    { rotationRules: { automaticallyAfterDays: 6, scheduleExpression: undefined, duration: undefined } },
  ],
];

test.each(without)('%s need not be asked about', (_case, given) => {
  expect(mayUsePrevious(used(given))).toBe(false);
  expect(previousUse(used(given), versions(NEXT_DAY))).toBeUndefined();
});

test('a secret that rotates every seven days has to be asked about', () => {
  const weekly = { automaticallyAfterDays: 7, scheduleExpression: undefined, duration: undefined };
  expect(mayUsePrevious(used({ rotationRules: weekly }))).toBe(true);
});

const USE = { versionId: PREVIOUS, requestedOn: NEXT_DAY, rotatedAt: ROTATED };

test('what is known stays while the versions stay where they are', () => {
  expect(stillPrevious(USE, used())).toBe(USE);
  expect(stillPrevious(USE, used({ lastRotatedAt: NEXT_DAY }))).toBeUndefined();
  expect(stillPrevious(USE, used({ versionStages: { [CURRENT]: ['AWSPREVIOUS'] } }))).toBeUndefined();
  expect(stillPrevious(undefined, used())).toBeUndefined();
});

test('a request is let go a week after its day', () => {
  expect(isQuiet(USE, later(NEXT_DAY, 8 * DAY - 1))).toBe(false);
  expect(isQuiet(USE, later(NEXT_DAY, 8 * DAY))).toBe(true);
});

const attempt = (kind: Parameters<typeof anEvidence>[0], when: Instant) => ({
  pending: undefined,
  evidence: [anEvidence(kind, 0, { at: when, versionId: PENDING })],
});

test('an attempt to rotate on that day may have made the request itself', () => {
  for (const kind of [
    'rotation-started',
    'rotation-failed',
    'pending-vanished',
    'rotation-abandoned',
  ] as const) {
    expect(isByRotation(USE, attempt(kind, later(NEXT_DAY, MINUTE)))).toBe(true);
    expect(isByRotation(USE, attempt(kind, later(NEXT_DAY, -MINUTE)))).toBe(false);
  }
  expect(isByRotation(USE, { pending: { since: later(NEXT_DAY, MINUTE) }, evidence: [] })).toBe(true);
  expect(isByRotation(USE, { pending: { since: later(NEXT_DAY, DAY) }, evidence: [] })).toBe(false);
});

test('an attempt on a later day has not made an earlier request, but one that vanished later may have', () => {
  expect(isByRotation(USE, attempt('rotation-failed', later(NEXT_DAY, DAY)))).toBe(false);
  expect(isByRotation(USE, attempt('pending-vanished', later(NEXT_DAY, DAY)))).toBe(true);
});

test('other facts, and attempts up to the rotation, explain no request', () => {
  expect(isByRotation(USE, attempt('secret-changed', later(NEXT_DAY, MINUTE)))).toBe(false);
  expect(isByRotation({ ...USE, requestedOn: DAY_OF_ROTATION }, attempt('rotation-started', ROTATED))).toBe(
    false,
  );
});

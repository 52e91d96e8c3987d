import { expect, test } from 'vitest';
import { DAY, later, MINUTE, SECOND } from '../../../../src/calendar/instant.ts';
import { judgeLook } from '../../../../src/monitor/domain/look/judge-look.ts';
import type { Look } from '../../../../src/monitor/domain/look/look.ts';
import type { Secret } from '../../../../src/monitor/domain/secret/secret.ts';
import { freshState } from '../../../../src/monitor/domain/state/secret-state.ts';
import {
  anEvidence,
  aReplica,
  aSecret,
  CURRENT,
  NOW,
  PENDING,
  PENDING_APART,
} from '../../../support/builders.ts';
import { DEFAULTS, TARGET } from '../../../support/service.ts';

/** Creation dates of the versions, as far as they matter. */
type Dates = Partial<Pick<Extract<Look, { kind: 'confirmed' }>, 'createdAt'>>;
const DAYS_PENDING = { createdAt: { [PENDING]: later(NOW, -3 * DAY) } };
const MINUTES_PENDING = { createdAt: { [PENDING]: later(NOW, -14 * MINUTE) } };
/** Everything that would be reported of another secret in this state. */
const WRONG = { versionStages: PENDING_APART, nextRotationAt: later(NOW, -3 * DAY) };
const MANAGED = { rotationFunctionArn: undefined, owningService: 'rds' };

test.each<[string, Partial<Secret>, Dates, Parameters<typeof anEvidence>[]]>([
  [
    'P = C',
    { versionStages: { [CURRENT]: ['AWSCURRENT', 'AWSPENDING'] } },
    { createdAt: { [CURRENT]: later(NOW, -DAY) } },
    [],
  ],
  ['a transient P of RotateImmediately=false', { versionStages: PENDING_APART }, MINUTES_PENDING, []],
  [
    'a rotation within its threshold',
    { versionStages: PENDING_APART, nextRotationAt: later(NOW, -DAY) },
    { createdAt: { [PENDING]: later(NOW, -59 * MINUTE) } },
    [['rotation-started', 59 * MINUTE]],
  ],
  [
    'a failure healed within the grace',
    { versionStages: { [PENDING]: ['AWSCURRENT'] }, lastRotatedAt: later(NOW, -MINUTE) },
    {},
    [
      ['rotation-failed', 10 * MINUTE, { step: 'testSecret' }],
      ['rotation-succeeded', MINUTE],
    ],
  ],
  ['a secret scheduled for deletion', { ...WRONG, deletedAt: later(NOW, -DAY) }, DAYS_PENDING, []],
  ['a replica', { ...WRONG, primaryRegion: 'us-east-1' }, DAYS_PENDING, []],
  [
    'a managed secret inside its threshold',
    { ...MANAGED, versionStages: PENDING_APART },
    MINUTES_PENDING,
    [],
  ],
  [
    'a replica that is in progress within its threshold',
    { replicas: [aReplica('us-east-1', 'InProgress')] },
    {},
    [],
  ],
])('must never alert: %s', (_case, given, dates, evidence) => {
  expect(outboxOf(given, dates, evidence)).toEqual([]);
});

test('must never alert: a silenced finding, but for the one word that it is silenced', () => {
  const tags = {
    'rotation-monitor:silence-until': '2026-11-30',
    'rotation-monitor:silence-reason': 'migration',
  };
  expect(outboxOf({ ...WRONG, tags }, DAYS_PENDING, [])).toEqual(['silenced']);
  expect(outboxOf(WRONG, DAYS_PENDING, [])).toEqual(['opened']);
});

/** Returns the alerts after the first look at a secret. */
function outboxOf(
  given: Partial<Secret>,
  dates: Dates,
  evidence: readonly Parameters<typeof anEvidence>[],
): readonly string[] {
  const secret = aSecret(given);
  const seen: Look = { kind: 'confirmed', secret, createdAt: {}, ...dates };
  const { state } = judgeLook(freshState(secret.arn, secret.name, TARGET), seen, {
    now: NOW,
    evidence: evidence.map((each) => anEvidence(...each)),
    baseline: false,
    eventsArrive: true,
    policyDefaults: DEFAULTS,
    groupWaitMs: 30 * SECOND,
    criticalGroupWaitMs: 5 * SECOND,
    silenceCritical: false,
  });
  return state.outbox.map(({ transition }) => transition);
}

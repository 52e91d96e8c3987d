import fc from 'fast-check';
import { DAY, HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import type { Facts } from '../../src/monitor/domain/detect/detector.ts';
import { type Evidence, withEvidence } from '../../src/monitor/domain/rotation/evidence.ts';
import type { PreviousUse } from '../../src/monitor/domain/rotation/previous-version.ts';
import { ROTATION_STEPS } from '../../src/monitor/domain/rotation/rotation-event.ts';
import type { Policy } from '../../src/monitor/domain/secret/policy.ts';
import type { ReplicaSight } from '../../src/monitor/domain/secret/replica-sight.ts';
import type { Secret } from '../../src/monitor/domain/secret/secret.ts';
import {
  aLease,
  aPending,
  aPolicy,
  aSecret,
  CURRENT,
  NOW,
  PENDING,
  PENDING_APART,
  PREVIOUS,
} from './builders.ts';
import { anyExamination, FUNCTION } from './inspections.ts';

const ago = fc.oneof(fc.integer({ min: 0, max: 2 * HOUR }), fc.integer({ min: 0, max: 40 * DAY }));

const step = fc.option(fc.constantFrom(...ROTATION_STEPS), { nil: undefined });
const versionId = fc.option(fc.constantFrom(PENDING, CURRENT, PREVIOUS), { nil: undefined });

const fact: fc.Arbitrary<Evidence> = fc
  .record({
    id: fc.uuid(),
    kind: fc.constantFrom(
      'rotation-started' as const,
      'rotation-failed' as const,
      'rotation-failed' as const,
      'rotation-succeeded' as const,
      'rotation-abandoned' as const,
      'pending-vanished' as const,
      'version-promoted' as const,
      'test-rotation-failed' as const,
      'test-rotation-succeeded' as const,
      'rotation-disabled' as const,
      'secret-changed' as const,
      'function-gone' as const,
      'function-not-invocable' as const,
      'function-whole' as const,
    ),
    ago,
    step,
    versionId,
    operation: fc.constantFrom('CancelRotateSecret', 'RotateSecret', 'PutSecretValue'),
    actor: fc.option(fc.constant('arn:aws:iam::111122223333:user/alex'), { nil: undefined }),
    notCreatedByFunction: fc.boolean(),
  })
  .map((given) => ({
    id: given.id,
    kind: given.kind,
    at: later(NOW, -given.ago),
    ...(given.versionId === undefined ? {} : { versionId: given.versionId }),
    ...(given.kind !== 'rotation-failed' || given.step === undefined ? {} : { step: given.step }),
    ...(given.kind === 'rotation-failed' ? { notCreatedByFunction: given.notCreatedByFunction } : {}),
    ...(given.kind.startsWith('function-') ? { functionArn: FUNCTION } : {}),
    ...(given.kind === 'secret-changed' ? { operation: given.operation } : {}),
    ...(given.kind !== 'secret-changed' || given.actor === undefined ? {} : { actor: given.actor }),
  }));

const ROTATED_BY: readonly Partial<Secret>[] = [
  {},
  { rotationFunctionArn: undefined, owningService: 'rds' },
  { rotationFunctionArn: undefined, externalType: 'DatadogApiKey' },
  { rotationFunctionArn: undefined, rotationRules: undefined },
];

const STAGES: readonly Secret['versionStages'][] = [
  PENDING_APART,
  { [CURRENT]: ['AWSCURRENT'], [PREVIOUS]: ['AWSPREVIOUS'] },
  { [CURRENT]: ['AWSCURRENT', 'AWSPENDING'] },
  { [PENDING]: ['AWSPENDING'] },
  { [PREVIOUS]: ['AWSPREVIOUS'] },
  {},
];

const policy: fc.Arbitrary<Policy> = fc
  .record({
    stuckAfterMs: fc.constantFrom(15 * MINUTE, 60 * MINUTE),
    strategy: fc.constantFrom('single-user' as const, 'alternating-users' as const, 'unknown' as const),
  })
  .map(aPolicy);

const replica: fc.Arbitrary<ReplicaSight> = fc
  .record({
    region: fc.constantFrom('eu-north-1', 'us-east-1'),
    status: fc.constantFrom('InProgress' as const, 'Failed' as const),
    message: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
    kmsKeyId: fc.option(fc.constant('alias/orders'), { nil: undefined }),
    ago,
  })
  .map(({ ago: seenAgo, ...rest }) => ({ ...rest, since: later(NOW, -seenAgo) }));

const previousUse: fc.Arbitrary<PreviousUse> = fc.record({ on: ago, rotated: ago }).map((given) => ({
  versionId: PREVIOUS,
  requestedOn: later(NOW, -given.on),
  rotatedAt: later(NOW, -given.on - given.rotated),
}));

/** Leases that outlive the test. */
const lease = fc
  .record({ consumer: fc.string({ unit: 'binary' }), versionId: fc.constantFrom(CURRENT, PREVIOUS), ago })
  .map((given) =>
    aLease({
      consumer: given.consumer,
      expiresAt: later(NOW, 400 * DAY),
      confirmedVersionId: given.versionId,
      confirmedAt: later(NOW, -given.ago),
    }),
  );

/** Any facts a look could bring together about one secret. */
export const anyFacts: fc.Arbitrary<Facts> = fc
  .record({
    stages: fc.constantFrom(...STAGES),
    rotatedBy: fc.constantFrom(...ROTATED_BY),
    rotationEnabled: fc.constantFrom(true, true, false, undefined),
    lastRotated: fc.option(ago, { nil: undefined }),
    due: fc.option(ago, { nil: undefined }),
    age: ago,
    sinceFrom: fc.constantFrom('created' as const, 'started' as const, 'first-seen' as const),
    evidence: fc.array(fact, { maxLength: 6 }),
    policy,
    eventsArrive: fc.boolean(),
    examination: fc.option(anyExamination, { nil: undefined }),
    replicas: fc.uniqueArray(replica, { maxLength: 2, selector: ({ region }) => region }),
    previousUse: fc.option(previousUse, { nil: undefined }),
    leases: fc.option(fc.array(lease, { maxLength: 2 }), { nil: undefined }),
  })
  .map(({ stages, rotatedBy, rotationEnabled, lastRotated, due, age, sinceFrom, evidence, ...rest }) => ({
    ...rest,
    secret: aSecret({
      ...rotatedBy,
      rotationEnabled,
      versionStages: stages,
      lastRotatedAt: lastRotated === undefined ? undefined : later(NOW, -lastRotated),
      nextRotationAt: due === undefined ? undefined : later(NOW, -due),
    }),
    pending:
      stages[PENDING] === undefined
        ? undefined
        : aPending(age, { sinceFrom, currentVersionId: stages[CURRENT] && CURRENT }),
    evidence: withEvidence([], evidence),
  }));

import { type Instant, later, MINUTE, parseInstant } from '../../src/calendar/instant.ts';
import type { Facts, PendingVersion } from '../../src/monitor/domain/detect/detector.ts';
import type { Evidence } from '../../src/monitor/domain/rotation/evidence.ts';
import type { ConsumerLease } from '../../src/monitor/domain/secret/consumer-lease.ts';
import type { Policy } from '../../src/monitor/domain/secret/policy.ts';
import type { Replica } from '../../src/monitor/domain/secret/replica.ts';
import { asSecretArn, type Secret, type SecretArn } from '../../src/monitor/domain/secret/secret.ts';

/** The instant an ISO 8601 text names. */
export function at(text: string): Instant {
  const named = parseInstant(text);
  if (named === undefined) throw new Error(`Cannot read "${text}" as an instant`);
  return named;
}

/** The full secret ARN a text is. */
export function arn(text: string): SecretArn {
  const named = asSecretArn(text);
  if (named === undefined) throw new Error(`Cannot read "${text}" as a secret ARN`);
  return named;
}

/** A moment to judge at. */
export const NOW: Instant = at('2026-11-21T10:00:00Z');
/** The version that is AWSCURRENT in {@link aSecret}. */
export const CURRENT = '11111111-1111-4111-8111-111111111111';
/** The version that is AWSPENDING in {@link aPending}. */
export const PENDING = '22222222-2222-4222-8222-222222222222';
/** The version that is AWSPREVIOUS in {@link aSecret}. */
export const PREVIOUS = '33333333-3333-4333-8333-333333333333';

/** A healthy secret that rotates every 30 days by a function. */
export const aSecret = (given: Partial<Secret> = {}): Secret => ({
  account: '111122223333',
  region: 'eu-west-1',
  arn: arn('arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/orders/db-AbCdEf'),
  name: 'prod/orders/db',
  rotationEnabled: true,
  rotationFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:rotate-orders-db',
  rotationRules: { automaticallyAfterDays: 30, scheduleExpression: 'rate(30 days)', duration: undefined },
  createdAt: at('2026-01-05T09:00:00Z'),
  lastRotatedAt: at('2026-11-02T00:20:00Z'),
  lastAccessedAt: undefined,
  nextRotationAt: at('2026-12-02T23:59:59Z'),
  deletedAt: undefined,
  owningService: undefined,
  externalType: undefined,
  primaryRegion: undefined,
  replicas: undefined,
  versionStages: { [CURRENT]: ['AWSCURRENT'], [PREVIOUS]: ['AWSPREVIOUS'] },
  tags: {},
  ...given,
});

/** Stages of a secret whose rotation is under way or stuck. */
export const PENDING_APART: Secret['versionStages'] = {
  [CURRENT]: ['AWSCURRENT'],
  [PENDING]: ['AWSPENDING'],
};

/** A pending version that was created `ageMs` before {@link NOW}. */
export const aPending = (ageMs: number, given: Partial<PendingVersion> = {}): PendingVersion => ({
  versionId: PENDING,
  currentVersionId: CURRENT,
  since: later(NOW, -ageMs),
  sinceFrom: 'created',
  ...given,
});

/** A replica in another region. */
export const aReplica = (
  region: string,
  status: Replica['status'],
  given: Partial<Replica> = {},
): Replica => ({
  region,
  status,
  message: undefined,
  kmsKeyId: undefined,
  lastAccessedAt: undefined,
  ...given,
});

/** The lease of a consumer that still uses {@link PREVIOUS}. */
export const aLease = (given: Partial<ConsumerLease> = {}): ConsumerLease => ({
  consumer: 'orders-7',
  expiresAt: later(NOW, 5 * MINUTE),
  confirmedVersionId: PREVIOUS,
  confirmedAt: at('2026-10-03T00:20:00Z'),
  ...given,
});

/** The policy the default settings give. */
export const aPolicy = (given: Partial<Policy> = {}): Policy => ({
  stuckAfterMs: 60 * MINUTE,
  overdueGraceMs: 15 * MINUTE,
  failedGraceMs: 15 * MINUTE,
  splitGraceMs: 2 * MINUTE,
  replicationAfterMs: 60 * MINUTE,
  confirmAfterMs: 15 * MINUTE,
  strategyIsSet: false,
  strategy: 'unknown',
  owner: undefined,
  silence: undefined,
  ...given,
});

/** Evidence about {@link PENDING}, `agoMs` before {@link NOW}. */
export const anEvidence = (
  kind: Evidence['kind'],
  agoMs: number,
  given: Partial<Evidence> = {},
): Evidence => ({
  id: `${kind}@${agoMs}`,
  kind,
  at: later(NOW, -agoMs),
  versionId: PENDING,
  ...given,
});

/** Facts about a healthy secret; given a pending version, the stages follow it unless given too. */
export function facts(given: Partial<Omit<Facts, 'secret'>> & { secret?: Partial<Secret> } = {}): Facts {
  const stages = given.pending === undefined ? {} : { versionStages: PENDING_APART };
  return {
    pending: undefined,
    evidence: [],
    policy: aPolicy(),
    eventsArrive: true,
    ...given,
    secret: aSecret({ ...stages, ...given.secret }),
  };
}

import { HOUR, type Instant, SECOND } from '../../../calendar/instant.ts';
import { SHOWN_AFTER_MS } from '../../domain/alert/notification.ts';
import type { ExplainedFinding } from '../../domain/finding/finding.ts';
import { deadlinesAdded, deadlinesPassed } from '../../domain/look/deadline.ts';
import { judgeLook } from '../../domain/look/judge-look.ts';
import type { JudgingContext, Look } from '../../domain/look/look.ts';
import { endedRotation } from '../../domain/look/remember.ts';
import type { Evidence } from '../../domain/rotation/evidence.ts';
import type { ConsumerLease } from '../../domain/secret/consumer-lease.ts';
import { policyFor } from '../../domain/secret/policy.ts';
import { type Secret, type SecretArn, splitSecretArn } from '../../domain/secret/secret.ts';
import { isDateWanted } from '../../domain/secret/value-date.ts';
import { freshState, type SecretState } from '../../domain/state/secret-state.ts';
import { saysNothingNew, tellsTheSame } from '../../domain/state/state-difference.ts';
import { StoreError } from '../../ports/store/store-error.ts';
import type { Service } from '../service.ts';
import type { Examine } from './examiner.ts';
import { lookAtSecret } from './look-at-secret.ts';
import { type Scheduling, scheduleCheck, waitAmong } from './schedule-check.ts';

/** The secret to check, and the facts known before the look. */
export interface CheckRequest {
  readonly arn: SecretArn;
  readonly evidence: readonly Evidence[];
  /** The secret as ListSecrets showed it, when a sweep asks. */
  readonly listed: Secret | undefined;
  /** The state as an index showed it, perhaps a moment old: enough to see that there is nothing to do. */
  readonly known: SecretState | undefined;
  readonly baseline: boolean;
  readonly eventsArrive: boolean;
  /** The leases of its consumers, when they were read. */
  readonly leases?: readonly ConsumerLease[] | undefined;
  /** Whether the check includes the daily checks. */
  readonly isDaily?: boolean | undefined;
  /** The deadline for which the check was scheduled, when one was. */
  readonly deadline?: Instant | undefined;
}

/** The observations and decisions of a check. */
export interface CheckOutcome {
  /** Undefined when the secret was not found or could not be looked at. */
  readonly secret: Secret | undefined;
  readonly before: SecretState;
  readonly after: SecretState;
  readonly findings: readonly ExplainedFinding[];
  /**
   * Times at which the secret is due for another look though nothing else happens; those already known are left out.
   */
  readonly deadlines: readonly Instant[];
}

/** Parts of the service that check a secret. */
export interface Checking
  extends Scheduling,
    Pick<Service, 'catalog' | 'store' | 'queue' | 'settings' | 'changes'> {
  /** Looks closer at a finding before it is reported; undefined for no closer look. One for all checks of a run. */
  readonly examine?: Examine | undefined;
}

/** Attempts of one check, which starts again when another run wrote first. */
const MAX_ATTEMPTS = 6;
/** A suspect confirmed within this time and unchanged in the list is not confirmed again. */
const CONFIRMED_FOR_MS = HOUR;

/**
 * Looks at one secret now, judges it, and stores the notifications about it; wakes the delivery, and has the secret
 * looked at again at its deadlines.
 */
export async function checkSecret(service: Checking, request: CheckRequest): Promise<CheckOutcome> {
  const quiet = request.known && foreseenQuiet(service, request, request.known);
  if (quiet !== undefined) return quiet;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const before = (await service.store.read(request.arn)) ?? fresh(request.arn);
    const outcome = foreseenQuiet(service, request, before) ?? (await looked(service, request, before));
    if (await stored(service, request.arn, outcome)) return outcome;
  }
  throw new StoreError(`Cannot write the state of "${request.arn}": ${MAX_ATTEMPTS} writers came first`, {
    reason: 'server',
    retryable: true,
  });
}

/**
 * The outcome when a secret confirmed within the hour is unchanged in the list and there would be no notification about
 * it.
 */
function foreseenQuiet(
  service: Checking,
  request: CheckRequest,
  before: SecretState,
): CheckOutcome | undefined {
  const { listed, isDaily } = request;
  const now = service.clock.now();
  // No list shows the progress of a replica.
  if (isDaily === true || before.replicas.length > 0) return undefined;
  if (listed === undefined || !isConfirmed(before, digestOf(listed), now)) return undefined;
  const { state, findings } = judgeLook(
    before,
    { kind: 'listed', secret: listed },
    judgingContext(service.settings, request, now),
  );
  const quiet = saysNothingNew(before, state) && tellsTheSame(before, state);
  return quiet ? { secret: listed, before, after: before, findings, deadlines: [] } : undefined;
}

async function looked(service: Checking, request: CheckRequest, before: SecretState): Promise<CheckOutcome> {
  const now = service.clock.now();
  const { policyDefaults } = service.settings;
  const wantsDate = (secret: Secret): boolean =>
    isDateWanted({ secret, policy: policyFor(secret, policyDefaults), valueDate: before.valueDate }, now);
  const look = await lookAtSecret(service.catalog, { ...request, state: before, wantsDate });
  const usual = judgingContext(service.settings, request, now);
  const context = {
    ...usual,
    ...waitsOf(service, request, { now, passed: deadlinesPassed(look, before, usual) }),
  };
  const judged = judgeLook(before, look, context);
  const examination =
    look.kind === 'confirmed' ? await service.examine?.(look.secret, before, judged) : undefined;
  const { state, findings } =
    examination === undefined ? judged : judgeLook(before, look, { ...context, examination });
  const digest = request.listed === undefined ? undefined : digestOf(request.listed);
  return {
    secret: seenBy(look),
    before,
    after: confirmed(state, look, { digest, now }),
    findings,
    deadlines: deadlinesAdded(look, { before, after: state }, context),
  };
}

/** Deadlines and history come first: a crash between them and the state then repeats them and never loses them. */
async function stored(service: Checking, arn: SecretArn, outcome: CheckOutcome): Promise<boolean> {
  const { store, queue, clock } = service;
  const { secret, before, after, deadlines } = outcome;
  const confirmedAnew = deservesMemory(after) && before.confirmed?.at !== after.confirmed?.at;
  const changed = confirmedAnew || !tellsTheSame(before, after);
  for (const deadline of deadlines) await scheduleCheck(service, arn, deadline);
  const ended = secret && endedRotation(before, after, secret);
  if (ended !== undefined) {
    const entry = { secretArn: arn, kind: 'rotation-listed', at: clock.now(), after: ended } as const;
    await service.changes.recordChange(entry);
  }
  if (changed && (await store.write(after)) === 'conflict') return false;
  for (const seconds of waits(after, clock.now())) await queue.wake(seconds);
  return true;
}

/** Returns the seconds until each notification in the outbox may be delivered and the index shows it; each once. */
const waits = ({ outbox }: SecretState, now: Instant): ReadonlySet<number> =>
  new Set(outbox.map(({ notBefore }) => Math.ceil(Math.max(SHOWN_AFTER_MS, notBefore - now) / SECOND)));

/** A secret without anything pending or open need not be remembered as confirmed. */
const deservesMemory = ({ pending, alerts }: SecretState): boolean =>
  pending !== undefined || alerts.length > 0;

const fresh = (arn: SecretArn): SecretState => {
  const { name, account, region } = splitSecretArn(arn);
  return freshState(arn, name, { account, region });
};

/**
 * Collects everything a look is judged by: the settings, and the known facts about the target and the secret. Nothing
 * else makes a context.
 */
export const judgingContext = (
  settings: Service['settings'],
  known: Pick<CheckRequest, 'evidence' | 'baseline' | 'eventsArrive' | 'leases'>,
  now: Instant,
): JudgingContext => ({
  now,
  evidence: known.evidence,
  baseline: known.baseline,
  eventsArrive: known.eventsArrive,
  leases: known.leases,
  policyDefaults: settings.policyDefaults,
  groupWaitMs: settings.groupWaitMs,
  criticalGroupWaitMs: settings.criticalGroupWaitMs,
  silenceCritical: settings.silenceCritical,
  isSingleLook: settings.isSingleLook,
});

/** Returns how long new findings wait for others of their group; `passed` are the deadlines before now. */
function waitsOf(
  { settings }: Checking,
  { deadline }: CheckRequest,
  { now, passed }: { readonly now: Instant; readonly passed: readonly Instant[] },
): Pick<JudgingContext, 'groupWaitMs' | 'criticalGroupWaitMs'> {
  const wait = (usualMs: number): number => waitAmong(passed, { deadline, usualMs, now });
  return {
    groupWaitMs: wait(settings.groupWaitMs),
    criticalGroupWaitMs: wait(settings.criticalGroupWaitMs),
  };
}

const isConfirmed = ({ confirmed }: SecretState, digest: string, now: Instant): boolean =>
  confirmed !== undefined && confirmed.digest === digest && now - confirmed.at < CONFIRMED_FOR_MS;

function confirmed(
  state: SecretState,
  look: Look,
  { digest, now }: { digest: string | undefined; now: Instant },
): SecretState {
  if (look.kind !== 'confirmed' || !deservesMemory(state)) return state;
  return { ...state, confirmed: { at: now, digest: digest ?? digestOf(look.secret) } };
}

const seenBy = (look: Look): Secret | undefined => (look.kind === 'confirmed' ? look.secret : undefined);

/** Returns the fields of a listed secret that bear on its rotation, in short. */
const digestOf = ({ versionStages, rotationEnabled, nextRotationAt, lastRotatedAt, tags }: Secret): string =>
  JSON.stringify([
    Object.entries(versionStages).sort(),
    rotationEnabled,
    nextRotationAt,
    lastRotatedAt,
    Object.entries(tags)
      .filter(([key]) => key.startsWith('rotation-monitor:'))
      .sort(),
  ]);

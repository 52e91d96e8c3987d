import { formatInstant, type Instant, instant, later, MINUTE } from '../../../calendar/instant.ts';
import { parseRotationSchedule } from '../../../calendar/rotation-schedule.ts';
import type { Facts } from '../detect/detector.ts';
import { pendingProgress } from '../detect/pending-record.ts';
import { switchedOff } from '../detect/switched-off.ts';
import type { FunctionTrouble } from '../explain/function-trouble.ts';
import { isFullOfLabels } from '../explain/rescue-label.ts';
import type { Situation } from '../explain/situation.ts';
import { progressOf } from '../rotation/progress.ts';
import { isManagedRotation, isReplica, type Secret } from '../secret/secret.ts';
import { currentVersion, lacksCurrent, pendingApart } from '../secret/version-stage.ts';

/** Codes of the reasons to do nothing about a secret. */
export type RefusalCode =
  | 'managed'
  | 'replica'
  | 'deleted'
  | 'no-current-version'
  | 'nothing-pending'
  | 'no-function'
  | 'current-moved-back'
  | 'rotation-off'
  | 'foreign-function'
  | 'function-broken'
  | 'function-updating'
  | 'weighted-alias'
  | 'under-way'
  | 'other-pending'
  | 'window-near'
  | 'not-created-by-function'
  | 'labels-full'
  | 'step-unknown';

/** The decision to do nothing, with the conditions to meet first. */
export interface Refusal {
  readonly code: RefusalCode;
  /** One sentence. */
  readonly because: string;
}

/** Known facts about a rotation function, beside its inspection. */
export interface FunctionSight {
  /** Whether Lambda is putting new code or a new configuration in place. */
  readonly isUpdating: boolean;
  /** Whether an alias sends a part of the invocations to another version. */
  readonly isWeighted: boolean;
}

/** The facts that a refusal depends on. */
interface Given {
  readonly facts: Facts;
  readonly function: FunctionSight | undefined;
  readonly now: Instant;
  readonly currentWorks: boolean;
  /** Whether a later attempt would be known: events arrive, or CloudTrail has reported all of them. */
  readonly hearsAttempts: boolean;
}

/** A rotation function runs for fifteen minutes at most. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LONGEST_RUN_MS: number = 15 * MINUTE;
/** A repair must be over before the next rotation begins. */
const BEFORE_WINDOW_MS: number = 10 * MINUTE;

type Check = (given: Given, situation: Situation | undefined) => Refusal | undefined;
type Condition = (given: Given, situation: Situation | undefined) => boolean;

/** The first reason not to touch a secret; undefined when there is none. */
export function refusalOf(given: Given, situation: Situation | undefined): Refusal | undefined {
  for (const check of CHECKS) {
    const refusal = check(given, situation);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

const refuse = (code: RefusalCode, because: string): Refusal => ({ code, because });

const when =
  (is: Condition, code: RefusalCode, because: string): Check =>
  (given, situation) =>
    is(given, situation) ? refuse(code, because) : undefined;

const secretOf = ({ facts }: Given): Secret => facts.secret;

/** Refuses where the function has to work, and says what can be done without it. */
const whenNeeded =
  (is: Condition, code: RefusalCode, because: string): Check =>
  (given, situation) =>
    is(given, situation) && needsFunction(given, situation)
      ? refuse(code, situation?.isPending === true ? `${because} ${WITHOUT_FUNCTION}` : because)
      : undefined;

/** The way to give a pending version up without its function. */
const WITHOUT_FUNCTION = 'If AWSCURRENT logs in, repeat with --current-works.';

/** A repair that only takes a label off invokes no function. */
const needsFunction = ({ currentWorks }: Given, situation: Situation | undefined): boolean =>
  !(currentWorks || (situation?.isPending === true && situation.progress === 'before-set'));

const brokenFunction: Check = (given, situation) => {
  const isMissing = given.function === undefined && given.facts.secret.rotationFunctionArn !== undefined;
  const troubles: readonly FunctionTrouble[] = isMissing
    ? [{ kind: 'gone' }]
    : (situation?.functionTroubles ?? []);
  const [trouble] = troubles.filter(({ kind }) => STOPS.includes(kind));
  if (trouble === undefined) return undefined;
  const because = `Fix the rotation function first: ${troubleOf(trouble)}.`;
  return whenNeeded(() => true, 'function-broken', because)(given, situation);
};

const STOPS: readonly FunctionTrouble['kind'][] = ['gone', 'throttled', 'not-active'];

function troubleOf(trouble: FunctionTrouble): string {
  switch (trouble.kind) {
    case 'gone':
      return 'it does not exist';
    case 'throttled':
      return 'its reserved concurrency is 0';
    case 'not-active':
      return `its state is ${trouble.state}`;
    default:
      return trouble.kind;
  }
}

/** Returns the time by which the last attempt has ended, even where no event says so; undefined when one said so. */
function endsBy(facts: Facts): Instant | undefined {
  const { pending, policy, secret } = facts;
  if (pending === undefined) return undefined;
  const { lastFailedAt: failedAt, lastStartedAt: startedAt = pending.since } = pendingProgress(facts) ?? {};
  if (failedAt !== undefined && failedAt >= startedAt) return undefined;
  const runEnds = later(startedAt, LONGEST_RUN_MS);
  if (failedAt !== undefined) return runEnds;
  // Nothing is tried again once rotation is off.
  const offAt = secret.rotationEnabled === false ? switchedOff(facts)?.at : undefined;
  const lastEnds =
    offAt === undefined ? later(pending.since, policy.stuckAfterMs + 1) : later(offAt, LONGEST_RUN_MS);
  return instant(Math.max(runEnds, lastEnds));
}

const underWay: Check = ({ facts, now }) => {
  const until = endsBy(facts);
  return until === undefined || now >= until
    ? undefined
    : refuse(
        'under-way',
        `A rotation may still be under way: wait until it has failed, or until ${formatInstant(until)}.`,
      );
};

const windowNear: Check = ({ facts: { secret }, now }) => {
  const opensAt = nextOpening(secret, now);
  return opensAt !== undefined && opensAt > now && opensAt <= later(now, BEFORE_WINDOW_MS)
    ? refuse('window-near', 'A rotation window opens within ten minutes: wait for what comes of it.')
    : undefined;
};

function nextOpening(
  { rotationRules, lastRotatedAt, rotationEnabled }: Secret,
  now: Instant,
): Instant | undefined {
  const schedule = rotationRules && parseRotationSchedule(rotationRules);
  if (schedule === undefined || 'fault' in schedule || rotationEnabled !== true) return undefined;
  if (schedule.kind === 'cron') return schedule.next(now).opensAt;
  return lastRotatedAt === undefined ? undefined : schedule.next(lastRotatedAt).opensAt;
}

/** An empty version must not become the one in use: a test that tests nothing would pass it. */
const stepUnknown: Check = (given, situation) => {
  if (!needsFunction(given, situation) || situation?.versionId === undefined) return undefined;
  const { isFilled } = progressOf(situation.versionId, given.facts);
  return situation.progress === 'unknown' && isFilled !== true
    ? refuse(
        'step-unknown',
        'No event says how far the rotation came, so the version may be empty. If AWSCURRENT logs in, repeat with --current-works.',
      )
    : undefined;
};

/** A version is given up without a proof only where a later attempt, which may have changed the target, would be known. */
const unheard: Check = ({ currentWorks, hearsAttempts }, situation) =>
  situation?.isPending === true && situation.progress === 'before-set' && !currentWorks && !hearsAttempts
    ? refuse(
        'step-unknown',
        'Later attempts may have come further without anybody hearing of them. If AWSCURRENT logs in, repeat with --current-works.',
      )
    : undefined;

const CHECKS: readonly Check[] = [
  when(
    (given) => isManagedRotation(secretOf(given)),
    'managed',
    'The owning service manages this secret: repair it there.',
  ),
  when((given) => isReplica(secretOf(given)), 'replica', 'This is a replica: repair its primary.'),
  when(
    (given) => secretOf(given).deletedAt !== undefined,
    'deleted',
    'The secret is scheduled for deletion: restore it first.',
  ),
  when(
    (given) =>
      lacksCurrent(secretOf(given).versionStages) ||
      currentVersion(secretOf(given).versionStages) === undefined,
    'no-current-version',
    'No version is AWSCURRENT: whoever provisions the secret has to store a value that works.',
  ),
  when(
    ({ facts: { current } }) => current?.outside?.kind === 'moved-back',
    'current-moved-back',
    'AWSCURRENT was moved back after a rotation, and the target may refuse it: rotate, or restore the target first.',
  ),
  when(
    (given, situation) => given.currentWorks && isGivenUp(given, situation),
    'nothing-pending',
    'The version was given up, and no label has to move while AWSCURRENT logs in: fix the cause, then rotate.',
  ),
  when(
    (given, situation) =>
      pendingApart(secretOf(given).versionStages) === undefined && !isGivenUp(given, situation),
    'nothing-pending',
    'No version is pending apart from AWSCURRENT, so there is no label to move: follow the advice.',
  ),
  whenNeeded(
    (given) => secretOf(given).rotationFunctionArn === undefined,
    'no-function',
    'The secret has no rotation function that could prove a credential.',
  ),
  whenNeeded(
    (given) => secretOf(given).rotationEnabled !== true,
    'rotation-off',
    'Rotation is off, and while it is the function refuses every step: switch it on first.',
  ),
  whenNeeded(
    (given) => isForeign(secretOf(given)),
    'foreign-function',
    'The rotation function belongs to another account: repair the secret from there.',
  ),
  brokenFunction,
  whenNeeded(
    (given) => given.function?.isUpdating === true,
    'function-updating',
    'The rotation function is being updated: wait until that is over.',
  ),
  whenNeeded(
    (given) => given.function?.isWeighted === true,
    'weighted-alias',
    'The alias of the rotation function sends invocations to two versions: proof and finish might go to different code.',
  ),
  underWay,
  when(
    ({ facts: { secret } }, situation) =>
      situation?.isPending === false && pendingApart(secret.versionStages) !== undefined,
    'other-pending',
    'Another version is pending, and only one can be: its rotation has to end first, or be repaired once it counts as failed.',
  ),
  windowNear,
  whenNeeded(
    (_given, situation) => situation?.versionId !== undefined && situation.isNotCreatedByFunction,
    'not-created-by-function',
    'Secrets Manager refuses this version, because the function did not pass its RotationToken: fix the function first.',
  ),
  when(
    (given) => isFullOfLabels(secretOf(given)),
    'labels-full',
    'All staging labels of the secret are in use: free one first.',
  ),
  stepUnknown,
  unheard,
];

/** Whether nothing is pending, and a version that was is lost. */
const isGivenUp: Condition = (given, situation) =>
  pendingApart(secretOf(given).versionStages) === undefined &&
  situation?.finding.code === 'pending-abandoned';

const isForeign = ({ rotationFunctionArn, account }: Secret): boolean =>
  rotationFunctionArn !== undefined && rotationFunctionArn.split(':')[4] !== account;

import { type Instant, instant } from '../../../calendar/instant.ts';
import type { StageChange } from '../../../simulator/secrets-manager/store/secret-history.ts';
import {
  CURRENT,
  PENDING,
  ROTATION_STEPS,
  type RotationStep,
} from '../../../simulator/secrets-manager/store/version-stages.ts';

/** A failed attempt. */
interface FailedAttempt {
  readonly at: Instant;
  /** Undefined for managed rotations, which have no steps. */
  readonly step: RotationStep | undefined;
  /** Error of the function, or the reason why the service gave the attempt up. */
  readonly text: string;
}

/** A stretch of time in which a version carried AWSPENDING while another one, or none, was AWSCURRENT. */
export interface PendingLife {
  readonly versionId: string;
  readonly from: Instant;
  /** Undefined while it lasts. */
  readonly until: Instant | undefined;
  /** Time the version first was pending, which is `from` unless it lost the label and got it back. */
  readonly createdAt: Instant;
  /** Also those from before it lost the label and got it back, and those of a run that outlived the label. */
  readonly failures: readonly FailedAttempt[];
  /** The last thing that its rotation did. */
  readonly lastAttemptAt: Instant;
  /** True once it got a value of its own; the test of a configuration never gives it one. */
  readonly isFilled: boolean;
  /** True once setSecret was called, so that the target may know the version: at once when createSecret is done. */
  readonly setBegun: boolean;
  /** Fate of the version; `lost` when it carries no label any longer and was never AWSCURRENT. */
  readonly end: 'lasts' | 'current' | 'lost' | 'secret-deleted';
}

/** The version that is pending apart from AWSCURRENT in a state of the history, if the secret is not on its way out. */
export function pendingApart({ stages, deletedAt }: StageChange): string | undefined {
  if (deletedAt !== undefined) return undefined;
  const holder = Object.entries(stages).find(([, labels]) => labels.includes(PENDING));
  return holder === undefined || holder[1].includes(CURRENT) ? undefined : holder[0];
}

/** The first failure of a version after which the target may know its credential alone. */
export const graveFailure = (
  lives: readonly PendingLife[],
  versionId: string | undefined,
): Instant | undefined =>
  lives
    .filter((life) => life.versionId === versionId)
    .flatMap(({ failures }) => failures)
    .find(({ step }) => step === 'testSecret' || step === 'finishSecret')?.at;

/** A life while it is followed. */
interface Growing extends PendingLife {
  /** Time createSecret last succeeded; a failure of it at that very moment is the service's refusal of its work. */
  readonly createdValueAt: Instant | undefined;
}

/** Every pending life in a secret's history, in order. */
export function pendingLives(history: readonly StageChange[]): readonly PendingLife[] {
  const lives: PendingLife[] = [];
  let life: Growing | undefined;
  for (const change of history) {
    const versionId = pendingApart(change);
    if (life !== undefined && life.versionId !== versionId) {
      lives.push(ended(life, change));
      life = undefined;
    }
    if (versionId !== undefined) life = grown(life ?? born(versionId, change, lives), change);
    if (change.failedVersionId !== versionId) failedAfterwards(lives, change);
  }
  return life === undefined ? lives : [...lives, ended(life)];
}

/** A run that was under way when its version lost the label goes on, and may fail. */
function failedAfterwards(lives: PendingLife[], change: StageChange): void {
  const index = lives.findLastIndex(({ versionId }) => versionId === change.failedVersionId);
  const life = lives[index];
  if (life?.end === 'lost') lives[index] = { ...life, failures: [...life.failures, ...failureIn(change)] };
}

const failureIn = ({ at, failure, failedStep }: StageChange): readonly FailedAttempt[] =>
  failure === undefined ? [] : [{ at, step: failedStep, text: failure }];

function ended({ createdValueAt, ...life }: Growing, change?: StageChange): PendingLife {
  const setBegun = life.setBegun || createdValueAt !== undefined;
  return change === undefined
    ? { ...life, setBegun }
    : { ...life, setBegun, until: change.at, end: endOf(life, change) };
}

function born(versionId: string, { at }: StageChange, before: readonly PendingLife[]): Growing {
  const earlier = before.findLast((life) => life.versionId === versionId);
  return {
    versionId,
    from: at,
    until: undefined,
    createdAt: earlier?.createdAt ?? at,
    failures: earlier?.failures ?? [],
    lastAttemptAt: at,
    isFilled: earlier?.isFilled ?? false,
    setBegun: earlier?.setBegun ?? false,
    end: 'lasts',
    createdValueAt: undefined,
  };
}

function grown(life: Growing, change: StageChange): Growing {
  const { at, failure, failedStep, failedVersionId, stepReached, cause, operation } = change;
  const isFilled = life.isFilled || stepReached === 'createSecret' || cause === 'seed';
  const tried = failure === undefined ? stepReached : failedStep;
  const isByService = cause === 'rotation' && operation === undefined && failure === undefined;
  const isCreated = isByService && stepReached === 'createSecret';
  const isRefused = failedStep === 'createSecret' && at === life.createdValueAt;
  return {
    ...life,
    failures: failedVersionId === life.versionId ? [...life.failures, ...failureIn(change)] : life.failures,
    lastAttemptAt: cause === 'rotation' ? at : life.lastAttemptAt,
    isFilled,
    setBegun: life.setBegun || (isFilled && isAtOrAfter(tried, 'setSecret')),
    createdValueAt: isRefused ? undefined : (life.createdValueAt ?? (isCreated ? at : undefined)),
  };
}

const isAtOrAfter = (step: RotationStep | undefined, other: RotationStep): boolean =>
  step !== undefined && ROTATION_STEPS.indexOf(step) >= ROTATION_STEPS.indexOf(other);

function endOf({ versionId }: PendingLife, { stages, deletedAt }: StageChange): PendingLife['end'] {
  if (deletedAt !== undefined) return 'secret-deleted';
  const labels = stages[versionId] ?? [];
  return labels.includes(CURRENT) ? 'current' : 'lost';
}

/** A stretch of time. */
export interface Stretch {
  readonly from: Instant;
  /** Undefined while it lasts. */
  readonly until: Instant | undefined;
}

/** The stretches of a history in which something held. */
export function stretches<T extends { readonly at: Instant }>(
  history: readonly T[],
  holds: (change: T) => boolean,
): readonly Stretch[] {
  const found: Stretch[] = [];
  let from: Instant | undefined;
  for (const change of history) {
    const held = holds(change);
    if (held) from ??= change.at;
    else if (from !== undefined) {
      found.push({ from, until: change.at });
      from = undefined;
    }
  }
  return from === undefined ? found : [...found, { from, until: undefined }];
}

/** Returns the rest of a stretch outside of others. */
export const without = (stretch: Stretch, others: readonly Stretch[]): readonly Stretch[] =>
  others.reduce<readonly Stretch[]>((left, other) => left.flatMap((each) => cut(each, other)), [stretch]);

/** The part of a stretch that lies in another, if any. */
export function within(stretch: Stretch, other: Stretch): readonly Stretch[] {
  const from = instant(Math.max(stretch.from, other.from));
  const until = Math.min(stretch.until ?? Number.POSITIVE_INFINITY, other.until ?? Number.POSITIVE_INFINITY);
  if (until <= from) return [];
  return [{ from, until: until === Number.POSITIVE_INFINITY ? undefined : instant(until) }];
}

function cut(stretch: Stretch, other: Stretch): readonly Stretch[] {
  const end = stretch.until ?? Number.POSITIVE_INFINITY;
  const otherEnd = other.until ?? Number.POSITIVE_INFINITY;
  if (otherEnd <= stretch.from || other.from >= end) return [stretch];
  const before = other.from > stretch.from ? [{ from: stretch.from, until: other.from }] : [];
  const after = otherEnd < end ? [{ from: instant(otherEnd), until: stretch.until }] : [];
  return [...before, ...after];
}

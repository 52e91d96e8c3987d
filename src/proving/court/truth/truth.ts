import { type Instant, SECOND } from '../../../calendar/instant.ts';
import type { StageChange } from '../../../simulator/secrets-manager/store/secret-history.ts';
import type { FindingName } from '../../scenario/finding-names.ts';
import type { ScenarioSecret } from '../../scenario/scenario.ts';
import type { Limits } from './limits.ts';
import { type PendingLife, type Stretch, without } from './pending-lives.ts';

/** Something that truly was wrong with a secret, by rules that no detector shares. */
export interface Condition {
  readonly secret: string;
  readonly code: FindingName;
  /** The pending version it is about. */
  readonly versionId: string | undefined;
  readonly since: Instant;
  /** Time from which a report is right; before that it might still heal. */
  readonly tellableAt: Instant;
  /** The same when no event has arrived; undefined when only events can show it. */
  readonly tellableWithoutEventsAt: Instant | undefined;
  /** Undefined while it lasts. */
  readonly until: Instant | undefined;
  /** Times during which the tags of the secret ask for silence. */
  readonly silences: readonly Stretch[];
  /** Time from which events show that the credential in use may be dead, which no silence keeps quiet. */
  readonly graveAt: Instant | undefined;
  /** Interval of the looks that show it, when it is longer than that of sweeps. */
  readonly checkedEveryMs?: number;
}

/** A secret and what happened to it. */
export interface TruthSubject {
  readonly secret: ScenarioSecret;
  readonly history: readonly StageChange[];
  /** Whether events may have been lost, so that nobody can know when a rotation was last tried. */
  readonly eventsMayBeLost: boolean;
  /** End of the history. */
  readonly endsAt: Instant;
  /** Times during which its rotation function was gone or not invocable; none when left out. */
  readonly functionBroken?: readonly Stretch[];
}

/** A secret, what happened to it, and what follows from that for all truths. */
export interface Known extends TruthSubject {
  readonly lives: readonly PendingLife[];
  readonly limits: Limits;
  /** While a rotation is young nobody can say that it is late. */
  readonly young: readonly Stretch[];
}

/** One thing that was wrong. */
export type Found = Omit<Condition, 'secret' | 'code' | 'silences' | 'graveAt'>;

/** Finds all of one kind that was wrong with a secret. */
export type Find = (known: Known) => readonly Found[];

/** Makes a condition that has to be reported from the start of a stretch to its end. */
export const fromStart = ({ from, until }: Stretch, versionId: string | undefined): Found => ({
  versionId,
  since: from,
  tellableAt: from,
  tellableWithoutEventsAt: from,
  until,
});

/** The same, where nothing but events can show it. */
export const byEventsOnly = (found: Found): Found => ({ ...found, tellableWithoutEventsAt: undefined });

/** About a pending version for as long as it lives. */
export const ofLife = ({ versionId, from, until }: PendingLife, tellableAt: Instant): Found => ({
  versionId,
  since: from,
  tellableAt,
  tellableWithoutEventsAt: tellableAt,
  until,
});

/** The earlier of two moments, of which one may never come. */
export const earliest = (a: Instant | undefined, b: Instant): Instant => (a !== undefined && a < b ? a : b);

/** The later of two moments. */
export const latest = (a: Instant, b: Instant): Instant => (a > b ? a : b);

/** Events carry times in whole seconds. */
export const PRECISION_MS: number = SECOND;

/** Whether a condition was to be reported at a moment, or had been until `lateMs` before it. */
export const heldAt = ({ tellableAt, until }: Condition, at: Instant, lateMs = 0): boolean =>
  tellableAt - PRECISION_MS <= at && (until === undefined || until > at - lateMs);

/** Findings about the calls of the monitor: whether a look or a list failed is a matter of the faults, not of the secret. */
export const ABOUT_CALLS: readonly FindingName[] = ['target-unreachable', 'unverifiable'];

/**
 * Returns the times during which a condition need not be reported, and may not be; without events its severity is
 * unknown.
 */
export const quietTimes = (
  { silences, graveAt }: Condition,
  { eventsMayBeLost }: Pick<TruthSubject, 'eventsMayBeLost'>,
): readonly Stretch[] =>
  graveAt === undefined || eventsMayBeLost
    ? silences
    : silences.flatMap((silence) => without(silence, [{ from: graveAt, until: undefined }]));

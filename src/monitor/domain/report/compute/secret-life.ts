import type { Instant } from '../../../../calendar/instant.ts';
import { type ComparedSight, changesBetween, type SecretSight } from '../../history/secret-sight.ts';
import type { ChangeEntry } from '../change-entry.ts';

/** The settings of a secret that stretches of its life differ in. */
interface LifeState {
  /** Whether it exists and is not scheduled for deletion. */
  readonly isThere: boolean;
  readonly rotationOn: boolean;
  readonly schedule: string | undefined;
  readonly owner: string | undefined;
  readonly silence: string | undefined;
}

/** A stretch of a secret's life in which nothing of this changed. */
export interface LifeSpan {
  readonly from: Instant;
  /** The end, not part of the span. */
  readonly to: Instant;
  readonly state: LifeState;
  /** Whether its beginning and state are known from an event, or from looks alone. */
  readonly isInferred: boolean;
}

/** The life of a secret by its history. */
export interface SecretLife {
  /** Without gaps, oldest first. */
  readonly spans: readonly LifeSpan[];
  /** The changes that changed something, oldest first; of a change that event and looks show, the event. */
  readonly changes: readonly ChangeEntry[];
}

/** Facts about a life. */
export interface LifeFacts {
  readonly secretArn: string;
  readonly createdAt: Instant | undefined;
  /** DeletedDate as AWS shows it now. */
  readonly deletedAt?: Instant | undefined;
  readonly changes: readonly ChangeEntry[];
  /** The last sight that history keeps; undefined where there is no history of the secret. */
  readonly sight: SecretSight | undefined;
  /** Start of the history of its target: a secret that was created later has its whole life in it. */
  readonly historySince: Instant | undefined;
  /** The state at the time of reading. */
  readonly now: LifeState;
  readonly readAt: Instant;
}

/** A step of the fold: an entry, or a look that shows the state without saying when it changed. */
interface Step {
  readonly at: Instant;
  readonly set: Partial<LifeState>;
  readonly entry: ChangeEntry | undefined;
  /** Whether history begins with this look: from then on the state is known. */
  readonly isFirstLook?: boolean;
}

const NOTHING: LifeState = {
  isThere: false,
  rotationOn: false,
  schedule: undefined,
  owner: undefined,
  silence: undefined,
};

/**
 * Plays the history of a secret from its creation until it was read. Events and looks may show the same change: whichever
 * comes second changes nothing and is left out. Where only looks show a change, it counts from the later of the two.
 * Before history begins, the state that it begins with is the best that is known.
 */
export function lifeOf(facts: LifeFacts): SecretLife {
  const fold = new Fold(facts.secretArn, isWhole(facts));
  for (const step of stepsOf(facts)) fold.take(step);
  return fold.end(facts.readAt);
}

/** Whether history has seen the creation. */
const isWhole = ({ createdAt, historySince }: LifeFacts): boolean =>
  createdAt !== undefined && historySince !== undefined && createdAt >= historySince;

function stepsOf(facts: LifeFacts): readonly Step[] {
  const { secretArn, createdAt, deletedAt, changes, sight, now, readAt } = facts;
  const entries = changes
    .filter(({ kind }) => kind !== 'created' && kind !== 'rotation-listed')
    .map((entry) => ({ at: entry.at, set: settingOf(entry), entry }));
  const first = sight?.firstSeenAt ?? readAt;
  const seen = sight === undefined ? now : firstSightOf(sight, changes);
  const created = changes.find(({ kind }) => kind === 'created');
  const birth = created ?? (createdAt === undefined ? undefined : bornAt(secretArn, createdAt));
  return [
    { at: createdAt ?? first, set: { ...(isWhole(facts) ? {} : seen), isThere: true }, entry: birth },
    ...entries,
    ...(deletedAt === undefined ? [] : [deletedOn(secretArn, deletedAt)]),
    { at: first, set: seen, entry: undefined, isFirstLook: true },
    { at: readAt, set: now, entry: undefined },
  ].sort((a, b) => a.at - b.at);
}

const deletedOn = (secretArn: string, at: Instant): Step => ({
  at,
  set: { isThere: false },
  entry: { secretArn, kind: 'deletion-scheduled', at },
});

const bornAt = (secretArn: string, at: Instant): ChangeEntry => ({ secretArn, kind: 'created', at });

/** The state that the first look saw: the last one, with every change that looks have shown since taken back. */
function firstSightOf(sight: SecretSight, changes: readonly ChangeEntry[]): LifeState {
  const { rotationOn, schedule, owner, silence } = sight;
  const state: LifeState = { isThere: true, rotationOn, schedule, owner, silence };
  const shown = changes.filter(({ notBefore }) => notBefore !== undefined).reverse();
  return Object.assign({}, state, ...shown.map(settingBefore));
}

function settingBefore({ kind, before }: ChangeEntry): Partial<LifeState> {
  switch (kind) {
    case 'rotation-on':
      return { rotationOn: false };
    case 'rotation-off':
      return { rotationOn: true };
    case 'schedule-changed':
      return { schedule: before };
    case 'owner-changed':
      return { owner: before };
    case 'silenced':
    case 'silence-ended':
      return { silence: before };
    default:
      return {};
  }
}

function settingOf({ kind, after }: ChangeEntry): Partial<LifeState> {
  switch (kind) {
    case 'created':
    case 'restored':
      return { isThere: true };
    case 'deletion-scheduled':
    case 'deleted':
      return { isThere: false };
    case 'rotation-on':
      return { rotationOn: true };
    case 'rotation-off':
      return { rotationOn: false };
    case 'schedule-changed':
      return { schedule: after };
    case 'owner-changed':
      return { owner: after };
    case 'silenced':
      return { silence: after };
    case 'silence-ended':
      return { silence: undefined };
    default:
      return {};
  }
}

/** Folds steps, in the order of time, into spans and the changes that changed something. */
class Fold {
  readonly #secretArn: string;
  readonly #spans: LifeSpan[] = [];
  readonly #changes: ChangeEntry[] = [];
  #state: LifeState = NOTHING;
  #isInferred: boolean;
  #since: Instant | undefined;
  #lastAt: Instant | undefined;

  constructor(secretArn: string, isWhole: boolean) {
    this.#secretArn = secretArn;
    this.#isInferred = !isWhole;
  }

  take({ at, set, entry, isFirstLook }: Step): void {
    const after = { ...this.#state, ...set };
    const isSame = JSON.stringify(after) === JSON.stringify(this.#state);
    if (isSame) {
      if (entry !== undefined && Object.keys(set).length === 0) this.#changes.push(entry);
      if (isFirstLook === true) this.#confirm(at);
      return;
    }
    this.#changes.push(...(entry === undefined ? this.#shown(after, at) : [entry]));
    if (this.#since !== undefined) {
      this.#close(at);
      this.#isInferred = entry === undefined || entry.notBefore !== undefined;
    }
    this.#state = after;
    this.#since = at;
    this.#lastAt = at;
  }

  end(readAt: Instant): SecretLife {
    this.#close(readAt);
    return { spans: this.#spans, changes: this.#changes };
  }

  #confirm(at: Instant): void {
    if (!this.#isInferred || this.#since === at) return;
    this.#close(at);
    this.#since = at;
    this.#isInferred = false;
  }

  #close(to: Instant): void {
    const from = this.#since ?? to;
    if (to > from) this.#spans.push({ from, to, state: this.#state, isInferred: this.#isInferred });
  }

  /** The changes that a look shows which no entry does. */
  #shown(after: LifeState, at: Instant): readonly ChangeEntry[] {
    if (this.#lastAt === undefined) return [];
    const between = { notBefore: this.#lastAt, at };
    const before = this.#state;
    const gone = before.isThere && !after.isThere;
    const entries = changesBetween(sightLike(before, at), sightLike(after, at), between);
    return [...(gone ? [{ kind: 'deleted' as const, ...between }] : []), ...entries].map((entry) => ({
      ...entry,
      secretArn: this.#secretArn,
    }));
  }
}

const sightLike = ({ isThere, ...state }: LifeState, at: Instant): ComparedSight => ({
  ...state,
  deletedAt: isThere ? undefined : at,
});

import type { Instant } from '../../../calendar/instant.ts';
import type { RotationStep } from './rotation-event.ts';

/** The assertion of a piece of evidence; those without a comment repeat a rotation event. */
type EvidenceKind =
  | 'rotation-started'
  | 'rotation-failed'
  | 'rotation-succeeded'
  | 'rotation-abandoned'
  | 'test-rotation-succeeded'
  | 'test-rotation-failed'
  | 'replication-failed'
  | 'secret-changed'
  /** A look found that a pending version had lost AWSPENDING without becoming AWSCURRENT. */
  | 'pending-vanished'
  /** A look found a version that had been given up on AWSCURRENT, or on AWSPREVIOUS after it. */
  | 'version-promoted'
  /** A sweep found rotation off that the sweep before had found on. */
  | 'rotation-disabled'
  /** An inspection found that the rotation function of a pending version does not exist. */
  | 'function-gone'
  /** An inspection found that Secrets Manager may not invoke it. */
  | 'function-not-invocable'
  /** An inspection found that neither is the case any longer. */
  | 'function-whole';

/** One remembered fact about a secret's rotation. Times are those of the fact, not of its arrival. */
export interface Evidence {
  /** Idempotency key: the event's id, or one made of the fact. */
  readonly id: string;
  readonly kind: EvidenceKind;
  readonly at: Instant;
  readonly versionId?: string;
  readonly step?: RotationStep;
  readonly functionArn?: string;
  readonly notCreatedByFunction?: boolean;
  /** `secret-changed` only: the API operation. */
  readonly operation?: string;
  readonly actor?: string;
  /** The service that called on behalf of the actor, such as `cloudformation.amazonaws.com`. */
  readonly via?: string;
  /** `pending-vanished` only: when the version was first seen pending. */
  readonly pendingFrom?: Instant;
  /** Whether the call puts AWSCURRENT on its version. */
  readonly makesCurrent?: boolean;
  /** Whether the call puts AWSPENDING on its version. */
  readonly makesPending?: boolean;
}

/** Most evidence kept for one secret. */
export const MAX_EVIDENCE = 50;
/** So many of the newest facts of each sort are kept, however many others there are: 25 sorts fit. */
const KEPT_OF_A_SORT = 2;

/** Facts of a rotation, which belong to the version that was pending then. */
const OF_A_VERSION: ReadonlySet<EvidenceKind> = new Set([
  'rotation-started',
  'rotation-failed',
  'rotation-succeeded',
  'rotation-abandoned',
]);

/** Whether a fact belongs to a version but does not name it: no record of a version holds yet what it says. */
export const isNameless = ({ kind, versionId }: Evidence): boolean =>
  versionId === undefined && OF_A_VERSION.has(kind);

/**
 * Adds facts that are not known yet, in order of time, and keeps {@link MAX_EVIDENCE}: the newest few of each sort, so
 * that no flood of one sort pushes out what another says, then those that are still to be given to a version, and of
 * all others the newest.
 */
export function withEvidence(known: readonly Evidence[], added: readonly Evidence[]): readonly Evidence[] {
  const ids = new Set(known.map(({ id }) => id));
  const fresh = new Map(added.filter(({ id }) => !ids.has(id)).map((fact) => [fact.id, fact]));
  if (fresh.size === 0) return known;
  const all = [...known, ...fresh.values()].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  return all.length <= MAX_EVIDENCE ? all : newest(all);
}

function newest(facts: readonly Evidence[]): readonly Evidence[] {
  const seen = new Map<string, number>();
  const ranked = facts.toReversed().map((fact) => {
    const count = (seen.get(sortOf(fact)) ?? 0) + 1;
    seen.set(sortOf(fact), count);
    return { fact, rank: count <= KEPT_OF_A_SORT ? 0 : isNameless(fact) ? 1 : 2 };
  });
  const dropped = ranked.sort((a, b) => a.rank - b.rank).slice(MAX_EVIDENCE);
  const gone = new Set(dropped.filter(({ rank }) => rank > 0).map(({ fact }) => fact));
  return facts.filter((fact) => !gone.has(fact));
}

/**
 * Calls are sorted by what they did: a value that is staged is no value put in use, and a rotation that names its version
 * says more than one that does not.
 */
function sortOf({
  kind,
  operation = '',
  makesCurrent = false,
  makesPending = false,
  versionId,
}: Evidence): string {
  const isNamed = operation === 'RotateSecret' && versionId !== undefined;
  return `${kind} ${operation} ${makesCurrent} ${makesPending} ${isNamed}`;
}

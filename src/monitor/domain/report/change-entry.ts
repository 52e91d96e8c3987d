import type { Instant } from '../../../calendar/instant.ts';

/** Changes of a secret that are kept for audits. */
export const CHANGE_KINDS = [
  'created',
  'deletion-scheduled',
  'restored',
  /** Gone for good: neither listed nor described any longer. */
  'deleted',
  'rotation-on',
  'rotation-off',
  'schedule-changed',
  'owner-changed',
  'silenced',
  'silence-ended',
  /** A caller put a new version in use outside a rotation. */
  'value-changed',
  /** A test rotation succeeded. */
  'rotation-tested',
  /**
   * LastRotatedDate as a list showed it, or the look that found a failed version in use, and the version in `after`; kept
   * to find rotations without events.
   */
  'rotation-listed',
  'exception-granted',
  'exception-ended',
] as const;
/** The closed list of changes that are kept. */
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** One change of a secret, kept 400 days. Recording the same one twice keeps one. */
export interface ChangeEntry {
  readonly secretArn: string;
  readonly kind: ChangeKind;
  /** The moment an event gave; of a change seen by comparison, the later of the two looks. */
  readonly at: Instant;
  /** The earlier of the two looks, for a change seen by comparison: it happened between this and `at`. */
  readonly notBefore?: Instant | undefined;
  /** Identity of the caller, where an event named it. */
  readonly actor?: string | undefined;
  /** Bounded, one line: such as `rate(30 days), window 3h`. */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

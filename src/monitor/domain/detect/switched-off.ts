import { formatInstant, type Instant, instant, later } from '../../../calendar/instant.ts';
import type { Evidence } from '../rotation/evidence.ts';
import { LOOK_LAGS_MS, type Secret } from '../secret/secret.ts';
import type { SecretState } from '../state/secret-state.ts';

/** A call and who made it. */
interface Deed {
  readonly at: Instant;
  readonly actor: string | undefined;
}

/** A deletion that was taken back. */
interface Deletion {
  /** Undefined where no event reported it, and only its end shows that there was one. */
  readonly scheduled: Deed | undefined;
  readonly restored: Deed | undefined;
}

/** The time and the caller by whom rotation was switched off, as well as they were observed. */
export interface SwitchedOff extends Deed {
  /** Set when it was switched off by the deletion of the secret, which was taken back. */
  readonly deletion?: Deletion | undefined;
  /** Time of a restoration since, where a call before the deletion had switched it off. */
  readonly restoredAt?: Instant | undefined;
}

/** The facts about switching rotation off, and the time up to which what they say is over. */
type Known = Pick<SecretState, 'evidence' | 'offSettledAt'>;

/**
 * Finds what switched rotation off after it was last switched on; undefined when nothing of the kind was seen. A
 * deletion does so, and taking it back does not switch rotation on again.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RestoreSecret.html
 */
export function switchedOff({ evidence, offSettledAt = NEVER }: Known): SwitchedOff | undefined {
  const lastOn = evidence.findLastIndex(isSwitchingOn);
  const since = evidence.slice(lastOn + 1).filter(({ at }) => at > offSettledAt);
  const off = since.filter(isSwitchingOff);
  const first = off[0];
  if (first === undefined) return undefined;
  const { at } = first;
  const back = since.findLast(({ operation }) => operation === 'RestoreSecret');
  const restored = back && deed(back);
  if (first.operation === 'DeleteSecret') {
    return { ...deed(first), deletion: { scheduled: deed(first), restored } };
  }
  // Only what is to be deleted can be restored: its deletion switched off what no call is known to have.
  if (restored !== undefined && off.every(({ kind }) => kind === 'rotation-disabled')) {
    return { at, actor: undefined, deletion: { scheduled: undefined, restored } };
  }
  const actor = off.find((each) => each.actor !== undefined)?.actor;
  return restored !== undefined && restored.at > at ? { at, actor, restoredAt: restored.at } : { at, actor };
}

const NEVER: Instant = instant(0);

/**
 * Returns the time up to which rotation is known to have been switched on again: by the looks, since the event may be
 * lost.
 */
export function offSettledAt(
  known: Known,
  { rotationEnabled }: Pick<Secret, 'rotationEnabled'>,
  now: Instant,
): Instant | undefined {
  const off = rotationEnabled === true ? switchedOff(known) : undefined;
  const until = later(now, -LOOK_LAGS_MS);
  return off === undefined || off.at > until ? known.offSettledAt : until;
}

const deed = ({ at, actor }: Evidence): Deed => ({ at, actor });

const isSwitchingOn = ({ kind, operation }: Evidence): boolean =>
  kind === 'rotation-started' || operation === 'RotateSecret';

const isSwitchingOff = ({ kind, operation }: Evidence): boolean =>
  kind === 'rotation-disabled' || operation === 'CancelRotateSecret' || operation === 'DeleteSecret';

/**
 * Returns the time from which rotation counts as off: the call's own, or that of the restoration after a deletion, for
 * nobody can switch it on before; the last change stands in for an unknown call.
 */
export const offSince = (
  { at, deletion, restoredAt = at }: SwitchedOff,
  { lastChangedAt = at }: Pick<Secret, 'lastChangedAt'>,
): Instant =>
  deletion === undefined ? restoredAt : (deletion.restored?.at ?? (lastChangedAt > at ? lastChangedAt : at));

/** Names both calls of a deletion that was taken back; `left` is what else it left behind. */
export function deletedAndRestored({ scheduled, restored }: Deletion, left = ''): string {
  const when = restored === undefined ? '' : `${by(restored.actor)} at ${formatInstant(restored.at)}`;
  const deletion =
    scheduled === undefined
      ? 'A deletion by an unknown caller'
      : `The deletion of ${formatInstant(scheduled.at)}${by(scheduled.actor)}`;
  return `${deletion} switched rotation off${left}, and RestoreSecret${when} does not switch it on again.`;
}

/** Names the caller, where one is known. */
export const by = (actor: string | undefined): string => (actor === undefined ? '' : ` by ${actor}`);

import type { Instant } from '../../../calendar/instant.ts';
import type { Evidence } from '../rotation/evidence.ts';
import type { Secret } from '../secret/secret.ts';

/** A call and who made it. */
interface Deed {
  readonly at: Instant;
  readonly actor: string | undefined;
}

/** The time and the caller by whom rotation was switched off, as well as they were observed. */
export interface SwitchedOff extends Deed {
  /** Set when it was switched off by the deletion of the secret, which was taken back. */
  readonly deletion?: { readonly restored: Deed | undefined } | undefined;
}

/**
 * Finds what switched rotation off after it was last switched on; undefined when nothing of the kind was seen. A
 * deletion does so, and taking it back does not switch rotation on again.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RestoreSecret.html
 */
export function switchedOff(evidence: readonly Evidence[]): SwitchedOff | undefined {
  const lastOn = evidence.findLastIndex(isSwitchingOn);
  const since = evidence.slice(lastOn + 1);
  const off = since.filter(isSwitchingOff);
  const first = off[0];
  if (first === undefined) return undefined;
  const { at } = first;
  if (first.operation === 'DeleteSecret') {
    const restored = since.findLast(({ operation }) => operation === 'RestoreSecret');
    return { ...deed(first), deletion: { restored: restored && deed(restored) } };
  }
  return { at, actor: off.find(({ actor }) => actor !== undefined)?.actor };
}

const deed = ({ at, actor }: Evidence): Deed => ({ at, actor });

const isSwitchingOn = ({ kind, operation }: Evidence): boolean =>
  kind === 'rotation-started' || operation === 'RotateSecret';

const isSwitchingOff = ({ kind, operation }: Evidence): boolean =>
  kind === 'rotation-disabled' || operation === 'CancelRotateSecret' || operation === 'DeleteSecret';

/**
 * Returns the time from which rotation counts as off: the call's own, or that of the restoration after a deletion; the
 * last change stands in for an unknown call.
 */
export const offSince = (
  { at, deletion }: SwitchedOff,
  { lastChangedAt = at }: Pick<Secret, 'lastChangedAt'>,
): Instant =>
  deletion === undefined ? at : (deletion.restored?.at ?? (lastChangedAt > at ? lastChangedAt : at));

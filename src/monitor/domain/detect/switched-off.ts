import type { Instant } from '../../../calendar/instant.ts';
import type { Evidence } from '../rotation/evidence.ts';

/** When and by whom rotation was switched off, as well as it was seen. */
export interface SwitchedOff {
  readonly at: Instant;
  readonly actor: string | undefined;
}

/** Finds what switched rotation off after it was last switched on; undefined when nothing of the kind was seen. */
export function switchedOff(evidence: readonly Evidence[]): SwitchedOff | undefined {
  const lastOn = evidence.findLastIndex(isSwitchingOn);
  const off = evidence.slice(lastOn + 1).filter(isSwitchingOff);
  const first = off[0];
  if (first === undefined) return undefined;
  return { at: first.at, actor: off.find(({ actor }) => actor !== undefined)?.actor };
}

const isSwitchingOn = ({ kind, operation }: Evidence): boolean =>
  kind === 'rotation-started' || operation === 'RotateSecret';

const isSwitchingOff = ({ kind, operation }: Evidence): boolean =>
  kind === 'rotation-disabled' || operation === 'CancelRotateSecret';

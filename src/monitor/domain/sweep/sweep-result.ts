import type { Instant } from '../../../calendar/instant.ts';
import type { Target } from '../secret/secret.ts';
import type { MovesProgress } from './moves-round.ts';
import type { PendingAge } from './worst-pending.ts';

/** What a sweep counts, secret by secret; every gauge is published by every sweep, also when it is 0. */
export interface SweepTally {
  readonly observed: number;
  readonly unverifiable: number;
  readonly inProgress: number;
  readonly pendingStuck: number;
  /** Seconds. */
  readonly oldestPendingAge: number;
  /** Pending versions that somebody should look at, oldest first. */
  readonly worstPending: readonly PendingAge[];
  readonly overdue: number;
  readonly disabled: number;
  readonly alertsOpen: number;
  readonly criticalAlertsOpen: number;
  /** Replicas, by the region of their primaries: whether these are watched, whoever knows all targets says. */
  readonly replicasOf: Readonly<Record<string, number>>;
}

/** A tally before the first secret. */
export const emptyTally: SweepTally = {
  observed: 0,
  unverifiable: 0,
  inProgress: 0,
  pendingStuck: 0,
  oldestPendingAge: 0,
  worstPending: [],
  overdue: 0,
  disabled: 0,
  alertsOpen: 0,
  criticalAlertsOpen: 0,
  replicasOf: {},
};

/** What a sweep of one target came to. */
interface SweepResult {
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly tally: SweepTally;
  /** Calls to Secrets Manager, the daily checks left out. */
  readonly apiCalls: number;
}

/** How the sweeps of one target go; written by the one that holds its lock. */
export interface SweepRecord extends Target {
  /** The last sweep that saw everything; undefined before the first. */
  readonly last: SweepResult | undefined;
  /** The hand-over that was last taken up, of a sweep that began at `startedAt`. */
  readonly handOver: { readonly startedAt: Instant; readonly hop: number } | undefined;
  /** Since when the secrets cannot be listed. */
  readonly failingSince: Instant | undefined;
  /** How far the versions in use were compared with what applications were told; undefined before the first complete sweep. */
  readonly moves?: MovesProgress | undefined;
  /** How far the versions in use were noted; undefined before the first complete sweep. */
  readonly currents?: MovesProgress | undefined;
}

/** The record of a target that was never swept. */
export const freshSweepRecord = ({ account, region }: Target): SweepRecord => ({
  account,
  region,
  last: undefined,
  handOver: undefined,
  failingSince: undefined,
});

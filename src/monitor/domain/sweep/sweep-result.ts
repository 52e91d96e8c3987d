import type { Instant } from '../../../calendar/instant.ts';
import type { Target } from '../secret/secret.ts';
import type { MovesProgress } from './moves-round.ts';
import type { PendingAge } from './worst-pending.ts';

/** Counts of a sweep, secret by secret; every sweep publishes every gauge, even when it is 0. */
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

/** The result of sweeping one target. */
interface SweepResult {
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly tally: SweepTally;
  /** Calls to Secrets Manager, the daily checks left out. */
  readonly apiCalls: number;
}

/** The record of one target's sweeps; written by the one that holds its lock. */
export interface SweepRecord extends Target {
  /** The last sweep that saw everything; undefined before the first. */
  readonly last: SweepResult | undefined;
  /** The hand-over that was last taken up, of a sweep that began at `startedAt`. */
  readonly handOver: { readonly startedAt: Instant; readonly hop: number } | undefined;
  /** Time from which the secrets cannot be listed. */
  readonly failingSince: Instant | undefined;
  /**
   * Progress in comparing the versions in use with the moves that applications were notified of; undefined before the
   * first complete sweep.
   */
  readonly moves?: MovesProgress | undefined;
  /** Progress in noting the versions in use; undefined before the first complete sweep. */
  readonly currents?: MovesProgress | undefined;
  /** Progress in comparing the secrets with their last sight; undefined before the first complete sweep. */
  readonly sights?: MovesProgress | undefined;
  /** Start of the last sweep whose list was compared with the one before. */
  readonly listedAt?: Instant | undefined;
}

/** The record of a target that was never swept. */
export const freshSweepRecord = ({ account, region }: Target): SweepRecord => ({
  account,
  region,
  last: undefined,
  handOver: undefined,
  failingSince: undefined,
});

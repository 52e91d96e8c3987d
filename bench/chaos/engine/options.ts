import type { Sabotage } from './sabotage.ts';

/** A run of the engine: the same options give the same run. */
export interface ChaosOptions {
  readonly seed: number;
  readonly days: number;
  readonly secrets: number;
  /** Between two sweeps, in milliseconds. */
  readonly sweepEveryMs: number;
  /** Between two incidents of one secret, on average. */
  readonly incidentEveryDays: number;
  /** Between two outages of many calls at once, on average, in days; none when left out. */
  readonly outageEveryDays?: number;
  /** Faults between AWS and the monitor; {@link USUAL_FAULTS} when left out. */
  readonly faults?: Partial<ChaosFaults>;
  /** A fault of the monitor itself, to see that it is found; none when left out. */
  readonly sabotage?: Sabotage;
  /** Whether the monitor's clients write and read the formats of the wire, which takes longer. */
  readonly wire?: boolean;
}

/** Faults between AWS and the monitor; shares from 0 to 1, durations in milliseconds. */
export interface ChaosFaults {
  readonly eventsDropped: number;
  readonly eventsDuplicated: number;
  readonly eventsDelayed: number;
  readonly eventDelayMaxMs: number;
  readonly listStaleMaxMs: number;
  /** Greatest age of a secret's description. */
  readonly describeStaleMaxMs: number;
  /** Longest delay until an index of the table shows a change. */
  readonly indexLagMaxMs: number;
  /** Share of the monitor's calls that are throttled. */
  readonly throttled: number;
  readonly serverErrors: number;
  readonly timeouts: number;
  /**
   * Share of the monitor's calls that are carried out but whose answer is lost, so that the SDK makes them twice. Never
   * SNS.
   */
  readonly repliesLost: number;
  /** Share of the runs of the monitor's functions that die before or after one of their calls. */
  readonly kills: number;
  /** Share of the monitor's calls during which another handler runs from start to end before the answer comes. */
  readonly interludes: number;
}

const MINUTE_MS = 60_000;

/** The faults of the year of chaos. */
export const USUAL_FAULTS: ChaosFaults = {
  eventsDropped: 0.1,
  eventsDuplicated: 0.1,
  eventsDelayed: 0.1,
  eventDelayMaxMs: 360 * MINUTE_MS,
  listStaleMaxMs: 5 * MINUTE_MS,
  describeStaleMaxMs: 20_000,
  indexLagMaxMs: 2000,
  throttled: 0.05,
  serverErrors: 0.005,
  timeouts: 0.005,
  repliesLost: 0.002,
  kills: 0.01,
  interludes: 0.01,
};

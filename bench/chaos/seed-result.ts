import type { Judged } from '../../src/proving/court/judge-run.ts';
import { judgeChaos } from './engine/judge-chaos.ts';
import type { ChaosOptions } from './engine/options.ts';
import type { ChaosRun } from './engine/run-chaos.ts';

/** The stored result of one seed's run. */
export interface SeedResult {
  readonly options: ChaosOptions;
  readonly figures: Figures;
  readonly judged: Judged;
}

interface Figures {
  readonly sweeps: number;
  readonly incidents: number;
  readonly repairs: number;
  /** Rotation events and calls that AWS reports, and how many of them were lost. */
  readonly events: number;
  readonly eventsDropped: number;
  readonly runs: number;
  readonly failedRuns: number;
  readonly kills: number;
  readonly interludes: number;
  readonly deadLetters: number;
  /** By the clock on the wall. */
  readonly seconds: number;
}

/** Judges a run and keeps what a table needs. */
export const seedResult = (run: ChaosRun, seconds: number): SeedResult => ({
  options: run.options,
  figures: {
    sweeps: run.sweeps,
    incidents: tallied(run, 'incident'),
    repairs: tallied(run, 'repair'),
    events: run.events.emitted,
    eventsDropped: run.events.dropped,
    runs: run.runs,
    failedRuns: run.failedRuns,
    kills: run.trouble.kills.length,
    interludes: run.trouble.interludes,
    deadLetters: run.deadLetters,
    seconds: Math.round(seconds),
  },
  judged: judgeChaos(run),
});

const tallied = ({ world }: ChaosRun, what: string): number =>
  [...world.tally].reduce((sum, [name, times]) => sum + (name.startsWith(what) ? times : 0), 0);

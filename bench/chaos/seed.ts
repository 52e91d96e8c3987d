import { breachText } from '../../src/proving/court/judge-run.ts';
import { judgeChaos } from './engine/judge-chaos.ts';
import type { ChaosOptions } from './engine/options.ts';
import { type ChaosRun, runChaos } from './engine/run-chaos.ts';
import { seedResult } from './seed-result.ts';

/** Between two lines about the progress. */
const TELL_EVERY_MS = 30_000;
/** A judgement on the way may take this share of the time. */
const JUDGING_SHARE = 0.05;

/** The child process of one seed: its options are the only argument, its result goes to the parent. */
async function main(): Promise<void> {
  const options: ChaosOptions = JSON.parse(process.argv[2] ?? '');
  const startedAt = performance.now();
  const watch = new Watch(startedAt);
  const run = await runChaos(options, (day, soFar) => watch.note(day, soFar));
  process.send?.(seedResult(run, (performance.now() - startedAt) / 1000));
}

/** Prints the progress of a run. */
class Watch {
  readonly #startedAt: number;
  #toldAt: number;
  #judgeAt = 0;
  #breaches: readonly string[] = [];

  constructor(startedAt: number) {
    this.#startedAt = startedAt;
    this.#toldAt = startedAt;
  }

  note(day: number, soFar: () => ChaosRun): void {
    const now = performance.now();
    if (now - this.#toldAt < TELL_EVERY_MS) return;
    this.#toldAt = now;
    const run = soFar();
    if (now >= this.#judgeAt) this.#judge(run);
    console.error(progress(day, run, now - this.#startedAt, this.#breaches));
  }

  #judge(run: ChaosRun): void {
    const begunAt = performance.now();
    this.#breaches = judgeChaos(run).breaches.map(breachText);
    const endedAt = performance.now();
    this.#judgeAt = endedAt + (endedAt - begunAt) / JUDGING_SHARE;
  }
}

function progress(day: number, run: ChaosRun, ms: number, breaches: readonly string[]): string {
  const incidents = [...run.world.tally].filter(([what]) => what.startsWith('incident'));
  const count = incidents.reduce((sum, [, times]) => sum + times, 0);
  const { user } = process.cpuUsage();
  const cpuMs = (user / 1000 / run.sweeps).toFixed(1);
  const memory = Math.round(process.memoryUsage().rss / 1e6);
  const head = `seed ${run.options.seed}: day ${day} of ${run.options.days}, ${Math.round(ms / 1000)} s, ${count} incidents, ${run.told.length} told, ${breaches.length} breaches when last judged, ${cpuMs} ms of CPU a sweep, ${memory} MB`;
  return [head, ...breaches.slice(0, 3).map((breach) => `  ${breach}`)].join('\n');
}

await main();

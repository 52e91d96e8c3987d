import { beforeAll, bench } from 'vitest';
import {
  type Hops,
  hangAndScaleIn,
  isInOrder,
  type Losses,
  type Named,
  type Propagation,
  propagate,
  propagateWithLosses,
} from '../test/client/propagation/follow.ts';
import type { FollowingProcess } from '../test/client/propagation/processes.ts';
import { type Move, openStage, SWEEP_MS } from '../test/client/propagation/stage.ts';

const PROCESSES = 50;
const ROTATIONS = 100;
/** Longest time between two looks of the caches that pull, in milliseconds. */
const INTERVAL_MS = 2_000;
/** From the move to the last process, in 99 of 100 moves. */
const PUSHED_MS = 2_000;
const PULLED_MS: number = INTERVAL_MS + 5_000;
/** A sweep finds a process that hangs, and the alert waits for others of its kind. */
const NAMED_MS: number = SWEEP_MS + 35_000;

/** The parts of a push, as the table names them. */
const PARTS: readonly (readonly [keyof Hops, string])[] = [
  ['toBusMs', 'from the move to the application bus'],
  ['toProcessMs', 'from there to the last process'],
  ['toUseMs', 'from there to the use of the version'],
  ['processorMs', 'processor time of all of it'],
];

/** The results of the bench. */
interface Seen extends Propagation {
  readonly named: Named;
  /** With a tenth of the native events lost, and with all of them. */
  readonly losses: Losses;
  readonly allLost: Losses;
  /** Processes that used an older version after a newer one. */
  readonly wentBack: number;
  readonly refused: readonly string[];
}

let seen: Seen;

beforeAll(async () => {
  const stage = await openStage();
  try {
    const consumers = Array.from({ length: PROCESSES }, (_, index) => `orders-${index}`);
    const processes = await stage.start(consumers, { intervalMs: INTERVAL_MS });
    const [hanging, ...others] = processes;
    if (hanging === undefined) throw new Error('No process was started');
    const { moves, ...times } = await propagate(stage, processes, ROTATIONS);
    const named = await hangAndScaleIn(stage, hanging);
    const losses = await propagateWithLosses(stage, others, { turns: 60, drop: 0.1 });
    const allLost = await propagateWithLosses(stage, others, { turns: 5, drop: 1 });
    const wentBack = goneBack(others, [...moves, named.move, ...losses.moves, ...allLost.moves]);
    seen = { ...times, named, losses, allLost, wentBack, refused: stage.refused() };
  } finally {
    await stage.close();
  }
  console.log(
    [
      '| way | p50, ms | p99, ms | at most, ms |',
      '| --- | --: | --: | --: |',
      `| pushed | ${share(seen.pushedMs, 0.5)} | ${share(seen.pushedMs, 0.99)} | ${PUSHED_MS} |`,
      `| pulled, every ${INTERVAL_MS} ms | ${share(seen.pulledMs, 0.5)} | ${share(seen.pulledMs, 0.99)} | ${PULLED_MS} |`,
      '',
      '| part of a push | p50, ms | p99, ms |',
      '| --- | --: | --: |',
      ...PARTS.map(([part, name]) => {
        const all = seen.hops.map((hops) => hops[part]);
        return `| ${name} | ${Math.round(share(all, 0.5))} | ${Math.round(share(all, 0.99))} |`;
      }),
      `The process that hung was named ${seen.named.afterMs} ms after its time to confirm.`,
      `With a tenth of the native events lost, ${seen.losses.bySweep} of 60 moves waited for a sweep; with all lost, ${seen.allLost.bySweep} of 5.`,
    ].join('\n'),
  );
}, 0);

const goneBack = (processes: readonly FollowingProcess[], moves: readonly Move[]): number =>
  processes.filter(({ pushed, pulled }) => !isInOrder(pushed, moves) || !isInOrder(pulled, moves)).length;

const share = (values: readonly number[], part: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;

/** One comparison, made once: what counts was measured above. */
bench(
  'a new version is in use everywhere within its time',
  () => {
    const { pushedMs, pulledMs, named, losses, allLost, wentBack, refused } = seen;
    const sweeps = Math.max(losses.mostSweeps, allLost.mostSweeps);
    const faults = [
      share(pushedMs, 0.99) > PUSHED_MS && `Pushed, 99 in 100 moves take ${share(pushedMs, 0.99)} ms`,
      share(pulledMs, 0.99) > PULLED_MS && `Pulled, 99 in 100 moves take ${share(pulledMs, 0.99)} ms`,
      wentBack > 0 && `${wentBack} processes went back to an older version`,
      allLost.bySweep < 5 && 'A move needed no sweep although all events were lost: the losses prove nothing',
      sweeps > 1 && `A lost event cost ${sweeps} sweeps`,
      named.afterMs > NAMED_MS && `The process that hung was named after ${named.afterMs} ms`,
      !named.message.includes(named.hangs) && 'The alert does not name the process that hangs',
      named.scaledIn.some((consumer) => named.message.includes(consumer)) &&
        'A process that scaled in was named',
      refused.length > 0 && `Refused: ${refused.join(', ')}`,
    ].filter((fault) => fault !== false);
    if (faults.length > 0) throw new Error(faults.join('\n'));
  },
  { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 },
);

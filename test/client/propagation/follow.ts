import { setTimeout as sleep } from 'node:timers/promises';
import type { FollowingProcess, Use } from './processes.ts';
import { CONFIRM_MS, type Move, NAME, type Stage, SWEEP_MS } from './stage.ts';

/** Time until the last of all processes used each version, in milliseconds. */
export interface Propagation {
  readonly pushedMs: readonly number[];
  readonly pulledMs: readonly number[];
  /** The parts of `pushedMs`. */
  readonly hops: readonly Hops[];
}

/** The way of one move to the last process, in milliseconds. */
export interface Hops {
  /** From the move to the application bus: events, queue, the monitor's look and its record. */
  readonly toBusMs: number;
  /** From there until the message was in the last process: topic, queue, long poll. */
  readonly toProcessMs: number;
  /** From there until the last process used the version: one read. */
  readonly toUseMs: number;
  /** Processor time of the simulated AWS with the monitor in it, and of all processes from message to use. */
  readonly processorMs: number;
}

/** Each fifth move is one back to the version before. */
const BACK_EVERY = 5;
/**
 * Moves for each new version, where some moves are lost; the others lead back, as a secret takes a hundred versions a
 * day.
 */
const PUT_EVERY = 10;

/** Rotates so many times, rollbacks among them, each once all processes use the version before. */
export async function propagate(
  stage: Stage,
  processes: readonly FollowingProcess[],
  rotations: number,
): Promise<Propagation & { readonly moves: readonly Move[] }> {
  const moves: Move[] = [];
  const pushedMs: number[] = [];
  const pulledMs: number[] = [];
  const hops: Hops[] = [];
  for (let turn = 1; turn <= rotations; turn++) {
    const begun = process.cpuUsage();
    const move = await (turn % BACK_EVERY === 0 ? stage.back() : stage.rotate());
    moves.push(move);
    pushedMs.push((await usedByAll(processes, 'pushed', move)) - move.at);
    const { user, system } = process.cpuUsage(begun);
    hops.push(hopsOf({ stage, processes, move, hereMs: (user + system) / 1_000 }));
    pulledMs.push((await usedByAll(processes, 'pulled', move)) - move.at);
  }
  return { moves, pushedMs, pulledMs, hops };
}

interface Followed {
  readonly stage: Stage;
  readonly processes: readonly FollowingProcess[];
  readonly move: Move;
  /** Processor time of this process since the move began. */
  readonly hereMs: number;
}

function hopsOf({ stage, processes, move, hereMs }: Followed): Hops {
  const uses = processes.flatMap(({ pushed }) => useOf(pushed, move) ?? []);
  const sentAt = useOf(stage.sent, move)?.at ?? move.at;
  const received = Math.max(...uses.map(({ receivedAt }) => receivedAt));
  return {
    toBusMs: sentAt - move.at,
    toProcessMs: received - sentAt,
    toUseMs: Math.max(...uses.map(({ at }) => at)) - received,
    processorMs: uses.reduce((sum, { processorMs }) => sum + processorMs, hereMs),
  };
}

const LOOK_MS = 5;

/** Returns the time at which the last process began to use the version of a move. */
async function usedByAll(
  processes: readonly FollowingProcess[],
  how: 'pushed' | 'pulled',
  move: Move,
): Promise<number> {
  for (;;) {
    const uses = processes.map((each) => useOf(each[how], move));
    if (uses.every((use) => use !== undefined)) return Math.max(...uses.map((use) => use?.at ?? 0));
    await sleep(LOOK_MS);
  }
}

const useOf = <T extends Use>(uses: readonly T[], { versionId, at }: Move): T | undefined =>
  uses.findLast((use) => use.versionId === versionId && use.at >= at);

/** Moves whose native events are lost in part. */
interface Losing {
  readonly turns: number;
  /** Share of the events, 0 to 1. */
  readonly drop: number;
}

/** The outcome of moves whose events were lost in part on the way to the monitor. */
export interface Losses {
  readonly moves: readonly Move[];
  /** Moves that only a sweep found. */
  readonly bySweep: number;
  /** Most sweeps that it took until the event of a move was heard. */
  readonly mostSweeps: number;
}

/** Step by which the clock is put forward. */
const STEP_MS = 5_000;
/** The longest wait for the event of a move, by the machine's clock, before a sweep begins. */
const SENT_MS = 400;
/** The longest wait for what a sweep sends, by the machine's clock; a sweep that finds nothing ends it. */
const HUNG_MS = 30 * 60_000;
/** One more than a move may take. */
const MOST_SWEEPS = 2;

/** Moves AWSCURRENT so many times while native events are lost. */
export async function propagateWithLosses(
  stage: Stage,
  processes: readonly FollowingProcess[],
  { turns, drop }: Losing,
): Promise<Losses> {
  const { eventBridge } = stage.simulator;
  const moves: Move[] = [];
  const sweeps: number[] = [];
  const resume = await stage.holdSweeps();
  eventBridge.setFaults({ drop });
  for (let turn = 1; turn <= turns; turn++) {
    await stage.skip(STEP_MS);
    const { dropped } = eventBridge.counts();
    const move = await (turn % PUT_EVERY === 0 ? stage.put() : stage.back());
    moves.push(move);
    const mayBeLost = eventBridge.counts().dropped > dropped;
    sweeps.push(mayBeLost ? await sweepUntilHeard(stage, move) : 0);
    await usedByAll(processes, 'pushed', move);
  }
  eventBridge.setFaults({ drop: 0 });
  await resume();
  const bySweep = sweeps.filter((count) => count > 0).length;
  return { moves, bySweep, mostSweeps: Math.max(...sweeps) };
}

/** Returns the number of sweeps that it took until the event of a move was heard; each begins after the move. */
async function sweepUntilHeard(stage: Stage, move: Move): Promise<number> {
  for (let sweeps = 0; ; sweeps++) {
    if (await isHeardWithin(sweeps === 0 ? SENT_MS : HUNG_MS, stage, move)) return sweeps;
    if (sweeps === MOST_SWEEPS) throw new Error(`Nothing was heard of a move after ${sweeps} sweeps`);
    await stage.sweep();
  }
}

async function isHeardWithin(waitMs: number, { sent }: Stage, move: Move): Promise<boolean> {
  const until = Date.now() + waitMs;
  while (useOf(sent, move) === undefined && Date.now() < until) await sleep(LOOK_MS);
  return useOf(sent, move) !== undefined;
}

/** Whether the uses of a process are in the order of the moves: nobody goes back but with a move back. */
export function isInOrder(uses: readonly Use[], moves: readonly Move[]): boolean {
  let next = 0;
  return uses.every(({ versionId }) => {
    const found = moves.findIndex((move, index) => index >= next && move.versionId === versionId);
    next = found + 1;
    return found >= 0;
  });
}

/** The alert about processes that do not follow. */
export interface Named {
  /** The move that was to be confirmed. */
  readonly move: Move;
  readonly hangs: string;
  readonly scaledIn: readonly string[];
  /** Text of the alert. */
  readonly message: string;
  /** From the end of the time to confirm to the alert, in milliseconds. */
  readonly afterMs: number;
}

/** One of the processes hangs and ten others end, five of them without a word, while a rotation is to be confirmed. */
export async function hangAndScaleIn(stage: Stage, hangs: FollowingProcess): Promise<Named> {
  const names = Array.from({ length: 10 }, (_, index) => `scaled-in-${index}`);
  const ending = await stage.start(names, { leaseMs: CONFIRM_MS });
  hangs.hang();
  const [closed, killed] = [ending.slice(0, 5), ending.slice(5)];
  for (const each of killed) each.hang();
  const move = await stage.rotate();
  const dueAt = stage.clock.now() + CONFIRM_MS;
  await Promise.all([...closed.map((each) => each.close()), ...killed.map((each) => each.kill())]);
  const mail = () => stage.simulator.sns.inbox.find(({ subject }) => subject === SUBJECT);
  while (mail() === undefined && stage.clock.now() < dueAt + 10 * SWEEP_MS) {
    await stage.skip(STEP_MS);
    await sleep(LOOK_MS);
  }
  const { message = '', at = Number.POSITIVE_INFINITY } = mail() ?? {};
  return { move, hangs: hangs.consumer, scaledIn: names, message, afterMs: at - dueAt };
}

const SUBJECT = `[LOW] ${NAME}: invalidation-unconfirmed`;

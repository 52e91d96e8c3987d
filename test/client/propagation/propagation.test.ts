import { afterAll, beforeAll, expect, test } from 'vitest';
import { hangAndScaleIn, isInOrder, propagate, propagateWithLosses } from './follow.ts';
import type { FollowingProcess } from './processes.ts';
import { type Move, openStage, type Stage, SWEEP_MS } from './stage.ts';

const ROTATIONS = 100;
let stage: Stage;
let processes: readonly FollowingProcess[];
const moves: Move[] = [];

beforeAll(async () => {
  stage = await openStage();
  const consumers = Array.from({ length: 8 }, (_, index) => `orders-${index}`);
  processes = await stage.start(consumers, { intervalMs: 100 });
});
afterAll(() => stage.close());

const nobodyWentBack = (all: readonly FollowingProcess[]) => {
  for (const { pushed, pulled } of all)
    expect([isInOrder(pushed, moves), isInOrder(pulled, moves)]).toEqual([true, true]);
};

test('eight processes follow a hundred rotations, pushed and pulled, each version once and none older', async () => {
  const propagated = await propagate(stage, processes, ROTATIONS);
  moves.push(...propagated.moves);
  for (const { pushed, pulled } of processes)
    expect([pushed.length, pulled.length]).toEqual([ROTATIONS, ROTATIONS]);
  nobodyWentBack(processes);
  expect(stage.sent.map(({ versionId }) => versionId)).toEqual(moves.map(({ versionId }) => versionId));
  // A long poll waits: hardly one ends without a message.
  const { 'sqs:ReceiveMessage': polls } = stage.simulator.callLog.counts(stage.place.role);
  expect(polls).toBeLessThan(2 * processes.length * ROTATIONS);
});

test('a process that hangs is named within a minute of its time to confirm, and ten that scale in are not', async () => {
  const [hanging] = processes;
  if (hanging === undefined) throw new Error('No process was started');
  const { move, hangs, message, afterMs } = await hangAndScaleIn(stage, hanging);
  moves.push(move);
  expect(message).toContain(hangs);
  expect(message).not.toContain('scaled-in');
  for (const { consumer } of processes.slice(1)) expect(message).not.toContain(consumer);
  // A sweep a minute finds it; the alert waits half a minute for others of its kind.
  expect(afterMs).toBeLessThanOrEqual(SWEEP_MS + 35_000);
});

test.each([
  ['a tenth', { turns: 10, drop: 0.1 }, 0],
  ['all', { turns: 2, drop: 1 }, 2],
])(
  'with %s of the native events lost, a version is in use after one sweep at most',
  async (_share, losing, lost) => {
    const others = processes.slice(1);
    const { moves: lossy, bySweep, mostSweeps } = await propagateWithLosses(stage, others, losing);
    moves.push(...lossy);
    expect(bySweep).toBeGreaterThanOrEqual(lost);
    expect(mostSweeps).toBeLessThanOrEqual(1);
    nobodyWentBack(others);
  },
);

test('no call was refused, and nothing failed in a process', () => {
  expect(stage.refused()).toEqual([]);
  expect(processes.flatMap(({ failures }) => failures)).toEqual([]);
});

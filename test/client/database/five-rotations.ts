import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { type Acquire, type Load, underLoad } from './load.ts';
import { aRotatingSecret, type RotatingSecret } from './rotating-secret.ts';
import type { Target } from './target.ts';

/** The cost of one rotation. */
interface Cost {
  readonly name: string;
  readonly reads: number;
  readonly refusals: number;
}

type Play = (secret: RotatingSecret, target: Target, gapMs: number) => Promise<void>;

/** The rotations that a pool has to live through. */
const ROTATIONS: Readonly<Record<string, Play>> = {
  normal: async (secret) => {
    await secret.create();
    await secret.set();
    await secret.finish();
  },
  'a gap between setSecret and finishSecret': async (secret, _target, gapMs) => {
    await secret.create();
    await secret.set();
    await sleep(gapMs);
    await secret.finish();
  },
  'testSecret fails while the pending password works': async (secret) => {
    await secret.create();
    await secret.set();
    await sleep(1_000);
    // Secrets Manager tries again; setSecret finds that the pending password works.
    await secret.set();
    await secret.finish();
  },
  'rolled back': async (secret) => {
    await secret.create();
    await secret.set();
    await sleep(1_000);
    await secret.rollBack();
  },
  'the account is locked for two seconds': async ({ user }, target) => {
    await target.setLocked(user, true);
    await sleep(2_000);
    await target.setLocked(user, false);
  },
};

/** Plays all rotations one after the other on a pool under load. */
export async function playRotations(
  simulator: Simulator,
  target: Target,
  open: (secret: RotatingSecret) => { acquire: Acquire; end: () => Promise<unknown> },
  gapMs: number,
): Promise<{ costs: readonly Cost[]; load: Load }> {
  const secret = await aRotatingSecret(simulator, target);
  const pool = open(secret);
  let over = false;
  const { load, done } = underLoad(pool.acquire, () => over && load.queries >= 5_000);
  await sleep(500);
  const costs: Cost[] = [];
  for (const [name, play] of Object.entries(ROTATIONS)) {
    const before = { reads: secret.reads(), refusals: await target.refusals() };
    await play(secret, target, gapMs);
    await connectionsAgain(load);
    costs.push({
      name,
      reads: secret.reads() - before.reads,
      refusals: (await target.refusals()) - before.refusals,
    });
  }
  over = true;
  await done;
  await pool.end();
  return { costs, load };
}

/** Waits until every worker has logged in again. */
async function connectionsAgain(load: Load): Promise<void> {
  const target = load.logIns + 20;
  while (load.logIns < target && load.errors.length === 0) await sleep(50);
}

/** Expects that an application that uses our pools saw no failure. */
export function expectUnharmed({ costs, load }: { costs: readonly Cost[]; load: Load }): void {
  expect(load.errors).toEqual([]);
  expect(load.queries).toBeGreaterThanOrEqual(5_000);
  expect(costs).toHaveLength(5);
  for (const { name, reads, refusals } of costs) {
    expect(reads, `reads: ${name}`).toBeLessThanOrEqual(6);
    expect(refusals, `refused log-ins: ${name}`).toBeLessThanOrEqual(2);
  }
}

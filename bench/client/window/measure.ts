import { setTimeout as sleep } from 'node:timers/promises';

import { createSimulator } from '../../../src/simulator/simulator.ts';
import { VirtualClock } from '../../../src/simulator/time/clock.ts';
import { type Load, underLoad } from '../../../test/client/database/load.ts';
import { aRotatingSecret } from '../../../test/client/database/rotating-secret.ts';
import { mariadb, type Target } from '../../../test/client/database/target.ts';
import { NOW } from '../../../test/support/builders.ts';
import { ours, PEER_CLIENTS, type Place, type WindowClient } from './clients.ts';

/** The cost of one way of connecting in one rotation. */
export interface WindowCost {
  readonly name: string;
  readonly queries: number;
  /** Requests of the application that got no connection. */
  readonly failed: number;
  /** Log-ins that the server refused, of this client alone; undefined where several ran at once. */
  readonly refused: number | undefined;
  /** Calls to Secrets Manager, likewise. */
  readonly reads: number | undefined;
  /** Waits for a connection before setSecret, in milliseconds: what the machine makes of it. */
  readonly p99BeforeMs: number;
  /** Waits between setSecret and finishSecret. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** From setSecret to finishSecret, by default. */
const GAP_MS = 30_000;

/** Before and after it. */
const AROUND_MS = 3_000;

const place = (value: number, sorted: readonly number[]): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * value))] ?? 0;

/**
 * Measures a rotation with a gap of so many milliseconds: our pool by itself, then all others at once, each with a secret
 * of its own.
 */
export async function measureWindow(gapMs: number = GAP_MS): Promise<readonly WindowCost[]> {
  const target = await mariadb();
  try {
    const [own] = await rotate(target, [ours], gapMs);
    if (own === undefined) throw new Error('Nothing was measured');
    return [own, ...(await rotate(target, PEER_CLIENTS, gapMs))];
  } finally {
    await target.stop();
  }
}

async function rotate(
  target: Target,
  clients: readonly ((place: Place) => WindowClient | undefined | Promise<WindowClient | undefined>)[],
  gapMs: number,
): Promise<readonly WindowCost[]> {
  const simulator = createSimulator({ clock: new VirtualClock(NOW), seed: 1 });
  const { endpoint, close } = await simulator.listen({ port: 0 });
  const made = await Promise.all(
    clients.map(async (make) => {
      const secret = await aRotatingSecret(simulator, target);
      const client = await make({ secretId: secret.secretId, endpoint, port: target.port });
      return client === undefined ? [] : [{ secret, client }];
    }),
  );
  const running = made.flat();
  const reads = () => simulator.callLog.counts('application')['secretsmanager:GetSecretValue'] ?? 0;
  let over = false;
  const loads = running.map(({ client }) => underLoad(client.acquire, () => over));
  await sleep(AROUND_MS);
  const before = { refusals: await target.refusals(), reads: reads() };
  for (const { secret } of running) await secret.create();
  for (const { secret } of running) await secret.set();
  const waited = loads.map(({ load }) => load.waits.length);
  await sleep(gapMs);
  const inGap = loads.map(({ load }, index) => load.waits.slice(waited[index]));
  for (const { secret } of running) await secret.finish();
  await sleep(AROUND_MS);
  over = true;
  await Promise.all(loads.map(({ done }) => done));
  const alone = running.length === 1;
  const refused = alone ? (await target.refusals()) - before.refusals : undefined;
  const read = alone ? reads() - before.reads : undefined;
  await Promise.all(running.map(({ client }) => client.end()));
  await close();
  await simulator.close();
  return running.map(({ client }, index) =>
    costOf(client.name, loads[index]?.load, {
      before: loads[index]?.load.waits.slice(0, waited[index]) ?? [],
      gap: inGap[index] ?? [],
      refused,
      reads: read,
    }),
  );
}

/** Raw counts of one client, before anything is made of them. */
interface Raw {
  readonly before: readonly number[];
  readonly gap: readonly number[];
  readonly refused: number | undefined;
  readonly reads: number | undefined;
}

function costOf(name: string, load: Load | undefined, { before, gap, ...counts }: Raw): WindowCost {
  const sorted = [...gap].sort((a, b) => a - b);
  return {
    name,
    queries: load?.queries ?? 0,
    failed: load?.errors.length ?? 0,
    ...counts,
    p99BeforeMs: place(
      0.99,
      [...before].sort((a, b) => a - b),
    ),
    p50Ms: place(0.5, sorted),
    p99Ms: place(0.99, sorted),
  };
}

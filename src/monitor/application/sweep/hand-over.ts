import type { SweepRequest } from '../../domain/sweep/sweep-request.ts';
import type { Service } from '../service.ts';
import type { KeptLock } from './kept-lock.ts';
import type { Settled } from './settle-sweep.ts';
import type { Sweep } from './sweep.ts';
import { HAND_OVER_WAIT_MS, MAX_HOPS } from './sweep-run.ts';

/** The state of a sweep that another invocation continues. */
export interface Leaving {
  readonly sweepId: string;
  readonly request: SweepRequest;
  readonly nextToken: string;
  readonly settled: Settled;
  /** Calls to Secrets Manager of this invocation. */
  readonly apiCalls: number;
}

/**
 * So many hashes of 14 bytes and those of what is switched off fit into one message of 1 MiB. Of more open alerts the
 * last ones are looked at again at the end, and count twice.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
const MAX_SEEN = 45_000;
/** So many hashes fit into one item of 400 KB; a target with more is not compared from sweep to sweep. */
export const MAX_DISABLED = 20_000;

/** Lets another invocation go on with a sweep, under the same lock; false when it was handed over too often. */
export async function handOver(
  { sweepQueue, metrics, clock }: Pick<Service, 'sweepQueue' | 'metrics' | 'clock'>,
  sweep: Sweep,
  { lock, leaving }: { readonly lock: KeptLock; readonly leaving: Leaving },
): Promise<boolean> {
  const { request, settled, sweepId, nextToken, apiCalls } = leaving;
  const hop = (request.progress?.hop ?? 0) + 1;
  if (sweepQueue === undefined || hop > MAX_HOPS) return false;
  await metrics.record([{ name: 'SweepsHandedOver', value: 1 }], clock.now());
  await lock.keepFor(HAND_OVER_WAIT_MS);
  const progress = {
    sweepId,
    startedAt: sweep.startedAt,
    hop,
    nextToken,
    tally: sweep.tally,
    apiCalls: apiCalls + (request.progress?.apiCalls ?? 0),
    failed: settled.errors.length + (request.progress?.failed ?? 0),
    seen: sweep.seen.slice(0, MAX_SEEN),
    disabled: sweep.disabled.slice(0, MAX_DISABLED + 1),
    eventsCheckedUntil: settled.eventsCheckedUntil,
    dailyCheckedUntil: settled.dailyCheckedUntil,
    moves: settled.moves,
    currents: settled.currents,
    sights: settled.sights,
    listed: sweep.listed.cells,
  };
  await sweepQueue.send([{ ...request, progress }]);
  return true;
}

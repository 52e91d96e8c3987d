import { performance } from 'node:perf_hooks';
import { MINUTE } from '../../src/calendar/instant.ts';
import type { Service } from '../../src/monitor/application/service.ts';
import { sweepSecrets } from '../../src/monitor/application/sweep/sweep-secrets.ts';
import type { FleetSize } from './fleet.ts';
import { liveHeap } from './live-heap.ts';
import { plainSweep } from './plain-sweep.ts';
import { type SimulatedAws, simulatedAws } from './simulated-aws.ts';

/** The cost of one run. */
export interface RunCost {
  /** Calls to Secrets Manager, as the simulator counted them. */
  readonly calls: number;
  /** From first to last. */
  readonly wallMs: number;
  /** Work on the thread that sweeps: sweep, adapters, SDK. */
  readonly ownMs: number;
  /** Work on the thread of the simulated AWS. */
  readonly simulatorMs: number;
  /** Bytes alive on the sweeping thread at the most, above those before; 0 where they were not followed. */
  readonly peakHeap: number;
}

/** A first sweep, one five minutes later, and the peer. */
export type RunKind = 'first' | 'steady' | 'plain';

type Costs = Readonly<Partial<Record<RunKind, RunCost>>>;

/** The costs of the runs over one fleet. */
export interface FleetCosts extends FleetSize {
  /** In the order in which they were made. */
  readonly runs: readonly RunKind[];
  readonly costs: Costs;
}

type Work = (service: Service, size: FleetSize) => Promise<void>;

const SWEEP_INTERVAL_MS = 5 * MINUTE;
/** A fleet to warm the compiler up with. */
const WARM_UP: FleetSize = { secrets: 5_000, suspects: 50 };

const sweepOnce: Work = async (service, size) => {
  const { failure, tally, suspects } = await sweepSecrets(service, { reportsFindings: false });
  if (failure !== undefined) throw failure;
  expectSame('observed', tally.observed, size.secrets);
  expectSame('suspects', suspects.length, size.suspects);
  expectSame('stuck', tally.pendingStuck, size.suspects);
};

const peerOnce: Work = async ({ catalog }, size) =>
  expectSame('found by the plain sweep', (await plainSweep(catalog)).length, size.suspects);

/** Calls to the table for the secrets that one sweep compares with what is stored of them: five for each of 500 at most. */
const comparing = ({ secrets }: FleetSize): number => 5 * Math.min(secrets, 500);

/** The work of each kind of run, and the calls to all services that it makes at about the most. */
const WORK: Readonly<Record<RunKind, { work: Work; expectedCalls: (size: FleetSize) => number }>> = {
  first: {
    work: sweepOnce,
    expectedCalls: (size) => size.secrets / 100 + comparing(size) + 6 * size.suspects,
  },
  steady: { work: sweepOnce, expectedCalls: (size) => size.secrets / 100 + comparing(size) + size.suspects },
  plain: { work: peerOnce, expectedCalls: ({ secrets }) => secrets / 100 + secrets },
};

/** Measures one fleet: times first, without looking at the heap, then the heap in runs of their own. */
async function measure(size: FleetSize, runs: readonly RunKind[]): Promise<FleetCosts> {
  await runAll(WARM_UP, runs, 'time');
  const timed = await runAll(size, runs, 'time');
  await runAll(WARM_UP, runs, 'heap');
  const followed = await runAll(size, runs, 'heap');
  const costs = runs.map((kind) => [kind, { ...timed[kind], peakHeap: followed[kind]?.peakHeap }]);
  return { ...size, runs, costs: Object.fromEntries(costs) };
}

async function runAll(size: FleetSize, runs: readonly RunKind[], what: RunPlan['what']): Promise<Costs> {
  const aws = await simulatedAws(size);
  const costs: Partial<Record<RunKind, RunCost>> = {};
  for (const kind of runs) {
    const { work, expectedCalls } = WORK[kind];
    const service = aws.service(kind);
    const plan = { role: kind, expectedCalls: expectedCalls(size), what };
    costs[kind] = await cost(aws, plan, () => work(service, size));
    await aws.advance(SWEEP_INTERVAL_MS);
  }
  await aws.close();
  return costs;
}

interface RunPlan {
  readonly role: string;
  readonly expectedCalls: number;
  readonly what: 'time' | 'heap';
}

async function cost(aws: SimulatedAws, plan: RunPlan, work: () => Promise<void>): Promise<RunCost> {
  const heap = plan.what === 'heap' ? await liveHeap(plan.expectedCalls) : undefined;
  aws.onCall(heap?.onCall ?? (() => undefined));
  const began = { wall: performance.now(), own: ownMs(), simulator: aws.busyMs() };
  await work();
  return {
    wallMs: performance.now() - began.wall,
    ownMs: ownMs() - began.own,
    simulatorMs: aws.busyMs() - began.simulator,
    peakHeap: heap?.peak() ?? 0,
    calls: await aws.calls(plan.role, 'secretsmanager'),
  };
}

const ownMs = (): number => performance.eventLoopUtilization().active;

function expectSame(what: string, got: number, wanted: number): void {
  if (got !== wanted) throw new Error(`The sweep saw ${got} ${what}, not ${wanted}`);
}

const [secrets, suspects, runs] = process.argv.slice(2);
if (runs === undefined) throw new Error('Usage: measure.ts SECRETS SUSPECTS RUN,…');
const size = { secrets: Number(secrets), suspects: Number(suspects) };
process.stdout.write(JSON.stringify(await measure(size, runs.split(',') as RunKind[])));

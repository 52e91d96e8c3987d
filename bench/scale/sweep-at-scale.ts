import { HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { deployMonitor, planMonitor } from '../../src/proving/player/monitor.ts';
import { seededRandom } from '../../src/simulator/call/random.ts';
import { createSimulator, type Simulator } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/time/clock.ts';
import { fleet, START } from '../sweep/fleet.ts';
import { type ScaleOutcome, scaleOutcome } from './scale-outcome.ts';
import { showing } from './shown-secrets.ts';

/** A large account and how it is swept. */
export interface ScalePlan {
  readonly secrets: number;
  /** Secrets with a version that has been stuck for hours, spread evenly over the list. */
  readonly suspects: number;
  /** Duration of a call to Secrets Manager, in milliseconds; here they are made one after the other. */
  readonly callMs: number;
  /** Share of the calls to Secrets Manager that are throttled. */
  readonly throttled: number;
  /** Number of pages after which one secret is deleted and one is made. */
  readonly churnEvery: number;
  readonly seed: number;
}

/** A sweep that is not over by then has failed. */
const LONGEST_MS: number = 12 * HOUR;

/** Lets the deployed monitor sweep one large account once, as it would in Lambda: 15 minutes an invocation. */
export async function sweepAtScale(plan: ScalePlan): Promise<ScaleOutcome> {
  const clock = new VirtualClock(START);
  const simulator = createSimulator({ clock, seed: plan.seed });
  const secretAt = fleet(plan);
  for (let index = 0; index < plan.secrets; index++) simulator.secretsManager.seed(secretAt(index));
  const before = new Set([...simulator.secretsManager.secrets()].map(({ arn }) => arn));
  const shown = new Set<string>();
  const monitor = planMonitor(simulator.home, { sweepEveryMs: 5 * MINUTE });
  const deployment = await deployMonitor(showing(simulator, shown), monitor);
  const sweepers = ['sweep', 'sweep-target'].map((handler) => monitor.functionOf(handler).role);
  let pages = 0;
  simulator.faults.before(({ service, operation, role }) => {
    if (service !== 'secretsmanager' || !sweepers.includes(role)) return;
    clock.elapse(plan.callMs);
    if (operation !== 'ListSecrets') return;
    pages += 1;
    if (pages % plan.churnEvery === 0) churn(simulator, pages);
  });
  for (const role of sweepers) {
    simulator.faults.add({ kind: 'throttled', probability: plan.throttled, service: 'secretsmanager', role });
  }
  await untilSwept(simulator, clock);
  const outcome = await scaleOutcome(simulator, deployment, { before, shown });
  await simulator.close();
  return outcome;
}

/** Deletes one secret and makes one, anywhere in the list, while it is read. */
function churn({ secretsManager, call }: Simulator, pages: number): void {
  const all = [...secretsManager.secrets()];
  const SecretId = all[seededRandom(pages).below(all.length)]?.arn;
  // The clock stands still here, and what is deleted already stays so.
  void call('secretsmanager', 'DeleteSecret', { SecretId }, 'operator').catch(() => undefined);
  secretsManager.seed({ name: `made-while-sweeping/${pages}`, kind: 'none' });
}

/** Lets time pass until the account was swept once. */
async function untilSwept(simulator: Simulator, clock: VirtualClock): Promise<void> {
  const end = later(START, LONGEST_MS);
  while (clock.now() < end) {
    await clock.advance(MINUTE);
    if ((simulator.cloudWatch.last('SweepDuration') ?? 0) > 0) return;
  }
  throw new Error('The sweep is not over');
}

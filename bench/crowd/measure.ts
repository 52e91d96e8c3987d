import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { buildHandlers } from '../../scripts/bundle/build-handlers.ts';
import { MINUTE } from '../../src/calendar/instant.ts';
import { deployMonitor, planMonitor } from '../../src/proving/player/monitor.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { RealClock } from '../../src/simulator/time/clock.ts';
import { type LambdaProcess, lambdaProcess } from '../../test/support/lambda-process.ts';
import { stuckCrowd } from '../../test/support/stuck-crowd.ts';
import { slowPort } from '../slow-port.ts';

/** One invocation of a bundle. */
export interface Invocation {
  readonly name: string;
  readonly wallMs: number;
  /** Most memory of the process so far. */
  readonly peakBytes: number;
}

/** The result of a crowd behind one function, and of one secret behind another. */
export interface CrowdOutcome {
  readonly secrets: number;
  readonly invocations: readonly Invocation[];
  /** Subjects of the e-mails, in order. */
  readonly subjects: readonly string[];
  /** States that still have something to say. */
  readonly undelivered: number;
}

const DELIVERIES_WITHIN_MS = 15 * MINUTE;

/** Lets a crowd get stuck, has it found in process, and reported and swept again by the bundles of the functions. */
async function measure(secrets: number): Promise<CrowdOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'crowd-'));
  await buildHandlers(folder);
  const simulator = createSimulator({ clock: new RealClock(), seed: 1 });
  const { endpoint } = await simulator.listen({ port: 0 });
  const slow = await slowPort(endpoint);
  const plan = planMonitor(simulator.home, { sqsEndpoint: endpoint, sweeps: false });
  await deployMonitor(simulator, plan);
  const invocations: Invocation[] = [];
  const bundle = (handler: string): LambdaProcess => {
    const { name, role, environment, ...limits } = plan.functionOf(handler);
    const access = {
      AWS_ENDPOINT_URL: slow.endpoint,
      AWS_ACCESS_KEY_ID: role,
      AWS_SECRET_ACCESS_KEY: 'simulated',
    };
    const running = lambdaProcess(folder, handler, { ...environment, ...access }, limits);
    let last: Promise<unknown> = running.ready;
    simulator.functions.register(name, async (event, context) => {
      await last.catch(() => undefined);
      const begun = performance.now();
      last = running.invoke(event, context);
      const answer = await last;
      invocations.push({
        name: handler,
        wallMs: Math.round(performance.now() - begun),
        peakBytes: running.peakBytes(),
      });
      return answer;
    });
    return running;
  };
  const processes = [bundle('deliver'), bundle('sweep')];
  const left = await stuckCrowd(simulator, secrets);
  const begun = simulator.clock.now();
  // To look takes this process, which is all of AWS in the meantime, a while.
  while ((await left()) > 0 && simulator.clock.now() - begun < DELIVERIES_WITHIN_MS) await pause(30_000);
  await simulator.functions.invoke(plan.functionOf('sweep').name, {});
  const outcome = {
    secrets,
    invocations,
    subjects: simulator.sns.inbox.map(({ subject }) => subject),
    undelivered: await left(),
  };
  for (const { stop } of processes) stop();
  slow.server.close();
  await simulator.close();
  return outcome;
}

process.stdout.write(JSON.stringify(await measure(Number(process.argv[2]))));
process.exit(0);

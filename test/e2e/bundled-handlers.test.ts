import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { buildHandlers, handlerNames } from '../../scripts/bundle/build-handlers.ts';
import { DAY, HOUR, type Instant, later } from '../../src/calendar/instant.ts';
import { deploy } from '../../src/proving/embedded/deployment.ts';
import { embeddedEnvironment, NAMES } from '../../src/proving/embedded/environment.ts';
import { createSimulator, type Simulator } from '../../src/simulator/simulator.ts';
import { RealClock } from '../../src/simulator/time/clock.ts';
import { rotationFailed } from '../support/events/envelopes.ts';
import { lambdaProcess } from '../support/lambda-process.ts';
import { ALONE, limitsOf, stuckCrowd } from '../support/stuck-crowd.ts';

/** Bundles start as fast as the machine lets them; what never ends is ended after this many milliseconds. */
const UNTIL_HUNG = 30 * 60_000;

/** Far from any node_modules: what a bundle lacks is missed here. */
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'handlers-'));
  await buildHandlers(folder);
});

/** The monitor behind the simulator's port, every function of it a bundle in a process of its own. */
async function bundledDeployment(): Promise<Simulator> {
  const simulator = createSimulator({ clock: new RealClock(), seed: 1 });
  const { endpoint, close } = await simulator.listen({ port: 0 });
  const environment = {
    ...embeddedEnvironment(simulator.home),
    ROTATION_MONITOR_DELIVERY_QUEUE_URL: `${endpoint}/${simulator.home.account}/${NAMES.deliveryQueue}`,
    ROTATION_MONITOR_GROUP_WAIT: '1s',
    ROTATION_MONITOR_CRITICAL_GROUP_WAIT: '1s',
    AWS_ENDPOINT_URL: endpoint,
    AWS_SECRET_ACCESS_KEY: 'simulated',
  };
  const { roles } = await deploy(simulator, { environment });
  const processes = roles.map((role) => {
    const access = { ...environment, AWS_ACCESS_KEY_ID: role };
    const bundle = lambdaProcess(folder, role, access, limitsOf(role));
    simulator.functions.register(role, bundle.invoke);
    return bundle;
  });
  onTestFinished(async () => {
    for (const { stop } of processes) stop();
    await close();
    await simulator.close();
  });
  return simulator;
}

/** Puts a secret in that has been pending for three hours, and answers its ARN. */
function aStuckSecret({ secretsManager }: Simulator, name: string, pending: string, now: Instant): string {
  secretsManager.functions.register({ name: `rotate-${name}`, behaviour: 'error', step: 'setSecret' });
  const { arn } = secretsManager.seed({
    name,
    kind: 'function',
    function: `rotate-${name}`,
    schedule: 'rate(30 days)',
    versions: [
      { stages: ['AWSCURRENT'], createdAt: later(now, -20 * DAY) },
      { id: pending, stages: ['AWSPENDING'], createdAt: later(now, -3 * HOUR) },
    ],
  });
  return arn;
}

test('bundles alone in a folder tell of stuck secrets that a sweep, an event and a request make them look at', async () => {
  const simulator = await bundledDeployment();
  const now = simulator.clock.now();
  const pending = (last: number) => `d37f3016-8c29-4a98-9cf5-ea36f60de71${last}`;
  await simulator.functions.invoke('sweep', {});

  const requested = aStuckSecret(simulator, 'requested', pending(1), now);
  await simulator.functions.invoke('check-secret', { secretId: requested });
  const failed = aStuckSecret(simulator, 'failed', pending(2), now);
  const event = rotationFailed('setSecret', {
    additionalEventData: { SecretId: failed },
    requestID: `Rotation-${failed}-${pending(2)}`,
    eventTime: new Date(now - HOUR).toISOString(),
  });
  const queue = simulator.queues.find(NAMES.rotationQueue);
  queue.send({ body: JSON.stringify(event) });
  await vi.waitFor(() => expect(queue.depth()).toEqual({ visible: 0, inFlight: 0, delayed: 0 }), UNTIL_HUNG);
  aStuckSecret(simulator, 'swept', pending(3), now);
  await simulator.functions.invoke('sweep', {});

  const subjects = () => simulator.sns.inbox.map(({ subject }) => subject).sort();
  await vi.waitFor(
    () =>
      expect(subjects()).toEqual([
        '[HIGH] failed: stuck-pending',
        '[HIGH] requested: stuck-pending',
        '[HIGH] swept: stuck-pending',
      ]),
    UNTIL_HUNG,
  );
  const told = simulator.sns.inbox.find(({ subject }) => subject.includes('failed'))?.message;
  expect(told).toContain('failing at setSecret');
  expect(simulator.functions.stats('deliver').errors).toBe(0);
});

test('a crowd behind one function is told once by bundles with the heap of their memory, beside another', async () => {
  const crowd = 1_200;
  const simulator = await bundledDeployment();
  const left = await stuckCrowd(simulator, crowd);
  await vi.waitFor(async () => expect(await left()).toBe(0), {
    timeout: UNTIL_HUNG,
    interval: 2_000,
  });
  await simulator.functions.invoke('sweep', {});
  const subjects = simulator.sns.inbox.map(({ subject }) => subject.replace(/: .*/, ''));
  expect(subjects.sort()).toEqual([`[HIGH] ${crowd} secrets`, `[HIGH] ${ALONE}`]);
  expect(simulator.functions.stats('sweep').errors).toBe(0);
});

test.each(handlerNames())(
  '%s starts in an empty folder, and refuses a wrong setting before any event',
  async (name) => {
    const environment = embeddedEnvironment({ account: '111122223333', region: 'eu-west-1' });
    const good = lambdaProcess(folder, name, environment);
    const bad = lambdaProcess(folder, name, { ...environment, ROTATION_MONITOR_TABLE_NAME: '?' });
    onTestFinished(() => good.stop());
    await expect(bad.ready).rejects.toThrow('ROTATION_MONITOR_TABLE_NAME: expected the name');
    await expect(good.ready).resolves.toBe('ready');
  },
);

import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Metafile } from 'esbuild';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { neededClients } from '../../bench/cold-start/needed-clients.ts';
import { breaches } from '../../bench/crowd/budget.ts';
import { buildHandlers, handlerNames } from '../../scripts/bundle/build-handlers.ts';
import { DAY, HOUR, type Instant, later } from '../../src/calendar/instant.ts';
import { deployMonitor, type MonitorPlan, planMonitor } from '../../src/proving/player/monitor.ts';
import { createSimulator, type Simulator } from '../../src/simulator/simulator.ts';
import { RealClock } from '../../src/simulator/time/clock.ts';
import { rotationFailed } from '../support/events/envelopes.ts';
import { type LambdaProcess, lambdaProcess } from '../support/lambda-process.ts';
import { stuckCrowd } from '../support/stuck-crowd.ts';
import { fullHome } from '../support/template/deployed-monitor.ts';

/** Bundles start as fast as the machine lets them; what never ends is ended after this many milliseconds. */
const UNTIL_HUNG = 30 * 60_000;

/** Far from any node_modules: what a bundle lacks is missed here. */
let folder: string;
let outputs: Metafile['outputs'];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'handlers-'));
  ({ outputs } = await buildHandlers(folder));
});

/** The files that a handler loads at its start. */
function loadedBy(handler: string): readonly string[] {
  const files = new Set(Object.keys(outputs).filter((file) => file.endsWith(`/${handler}.mjs`)));
  for (const file of files) {
    for (const { path, kind } of outputs[file]?.imports ?? [])
      if (kind === 'import-statement' && path in outputs) files.add(path);
  }
  return [...files];
}

/** The SDK clients of which files have code. */
const clientsIn = (files: readonly string[]): readonly string[] => [
  ...new Set(
    files.flatMap((file) =>
      Object.entries(outputs[file]?.inputs ?? {}).flatMap(([input, { bytesInOutput }]) =>
        bytesInOutput === 0 ? [] : (/@aws-sdk\/client-([^/]+)/.exec(input)?.[1] ?? []),
      ),
    ),
  ),
];

/** The monitor behind the simulator's port, every function of it a bundle in a process of its own once it is invoked. */
async function bundledDeployment(): Promise<{ simulator: Simulator; plan: MonitorPlan }> {
  const simulator = createSimulator({ clock: new RealClock(), seed: 1 });
  const { endpoint, close } = await simulator.listen({ port: 0 });
  const parameters = { GroupWait: '1s', CriticalGroupWait: '1s' };
  const plan = planMonitor(simulator.home, { sqsEndpoint: endpoint, parameters, sweeps: false });
  await deployMonitor(simulator, plan);
  const started: LambdaProcess[] = [];
  for (const { handler, name, role, environment, ...limits } of plan.functions) {
    const access = {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: role,
      AWS_SECRET_ACCESS_KEY: 'simulated',
      AWS_LAMBDA_FUNCTION_NAME: name,
    };
    let bundle: LambdaProcess | undefined;
    // As Lambda does, at the first invocation; many a function is never invoked here.
    simulator.functions.register(name, (event, context) => {
      if (bundle === undefined) {
        bundle = lambdaProcess(folder, handler, { ...environment, ...access }, limits);
        started.push(bundle);
      }
      return bundle.invoke(event, context);
    });
  }
  onTestFinished(async () => {
    for (const { stop } of started) stop();
    await close();
    await simulator.close();
  });
  return { simulator, plan };
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

test('no bundle carries a library of schemas', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.m?js$/.test(name),
  );
  expect(files.length).toBeGreaterThanOrEqual(handlerNames().length);
  expect(files.filter((name) => /\bZod[A-Z]/.test(readFileSync(join(folder, name), 'utf8')))).toEqual([]);
});

/** Clients that most runs never use: of closer looks, of audits that were missed, and of members. */
const ON_FIRST_USE: readonly string[] = [
  'cloudtrail',
  'cloudwatch',
  'lambda',
  'organizations',
  'securityhub',
  'sts',
];

test.each(handlerNames())(
  '%s loads at its start no client that it may not call, or that is used rarely',
  (name) => {
    const clients = clientsIn(loadedBy(name));
    expect(clients).not.toEqual([]);
    const needed = neededClients(name).filter((client) => !ON_FIRST_USE.includes(client));
    expect(clients.filter((client) => !needed.some((each) => each === client))).toEqual([]);
  },
);

test('bundles alone in a folder report stuck secrets that a sweep, an event and a request make them look at', async () => {
  const { simulator, plan } = await bundledDeployment();
  const now = simulator.clock.now();
  const pending = (last: number) => `d37f3016-8c29-4a98-9cf5-ea36f60de71${last}`;
  await simulator.functions.invoke(plan.functionOf('sweep').name, {});

  const requested = aStuckSecret(simulator, 'requested', pending(1), now);
  const failed = aStuckSecret(simulator, 'failed', pending(2), now);
  const event = rotationFailed('setSecret', {
    additionalEventData: { SecretId: failed },
    requestID: `Rotation-${failed}-${pending(2)}`,
    eventTime: new Date(now - HOUR).toISOString(),
  });
  const queue = simulator.queues.find(plan.idOf('AWS::SQS::Queue', 'RotationEvents'));
  queue.send({ body: JSON.stringify(event) });
  await simulator.functions.invoke(plan.functionOf('check-secret').name, { secretId: requested });
  await vi.waitFor(() => expect(queue.depth()).toEqual({ visible: 0, inFlight: 0, delayed: 0 }), UNTIL_HUNG);
  aStuckSecret(simulator, 'swept', pending(3), now);
  await simulator.functions.invoke(plan.functionOf('sweep').name, {});

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
  expect(simulator.functions.stats(plan.functionOf('deliver').name).errors).toBe(0);
});

test('a crowd behind one function is reported once by bundles with the heap of their memory, beside another', async () => {
  const crowd = 1_200;
  const { simulator, plan } = await bundledDeployment();
  const left = await stuckCrowd(simulator, crowd, plan);
  const empty = async () => {
    // To read all outboxes takes long; none is empty before its message is out.
    expect(simulator.sns.inbox.length).toBeGreaterThan(1);
    expect(await left()).toBe(0);
  };
  await vi.waitFor(empty, { timeout: UNTIL_HUNG, interval: 2_000 });
  await simulator.functions.invoke(plan.functionOf('sweep').name, {});
  const subjects = simulator.sns.inbox.map(({ subject }) => subject);
  expect(breaches({ secrets: crowd, subjects, undelivered: await left(), invocations: [] })).toEqual([]);
  expect(simulator.functions.stats(plan.functionOf('sweep').name).errors).toBe(0);
});

/** Imports bundles one after the other: each with a wrong setting, as a module of its own, and then with the right one. */
const START = `
  const seen = {};
  let formats = 0;
  const Format = Intl.DateTimeFormat;
  Intl.DateTimeFormat = function (...given) {
    formats += 1;
    return new Format(...given);
  };
  const environments = Object.entries(JSON.parse(process.argv[1]));
  for (const [name, environment] of environments) {
    for (const each of Object.keys(process.env)) delete process.env[each];
    Object.assign(process.env, environment, { ROTATION_MONITOR_TABLE_NAME: '?' });
    const bundle = process.cwd() + '/' + name + '.mjs';
    const refusal = await import(bundle + '?wrong').then(() => undefined, ({ message }) => message);
    process.env.ROTATION_MONITOR_TABLE_NAME = environment.ROTATION_MONITOR_TABLE_NAME;
    const { handler } = await import(bundle);
    seen[name] = { refusal, handler: typeof handler, formats };
  }
  process.stdout.write(JSON.stringify(seen), () => process.exit());
`;

test('each starts in an empty folder, and refuses a wrong setting before any event', async () => {
  const environments = handlerNames().map((name) => {
    const { environment } = fullHome().functionOf(name);
    return [name, { AWS_LAMBDA_FUNCTION_NAME: name, ...environment }] as const;
  });
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', START, JSON.stringify(Object.fromEntries(environments))],
    { cwd: folder, env: {} },
  );
  const started = {
    refusal: expect.stringContaining('ROTATION_MONITOR_TABLE_NAME: expected the name'),
    handler: 'function',
    // The first one takes as long as an SDK client: none is made before it is needed.
    formats: 0,
  };
  expect(JSON.parse(stdout)).toEqual(Object.fromEntries(handlerNames().map((name) => [name, started])));
});

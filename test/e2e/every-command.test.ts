import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { formatInstant, HOUR, later, MINUTE, SECOND } from '../../src/calendar/instant.ts';
import { createProgram } from '../../src/cli/program.ts';
import { deployMonitor, packedTemplate, planMonitor } from '../../src/proving/player/monitor.ts';
import { AwsError } from '../../src/simulator/call/aws-error.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/time/clock.ts';
import { START } from '../support/deployed.ts';
import { CENTRAL } from '../support/organization.ts';
import { type CommandOutcome, runCommand } from '../support/run-command.ts';
import { ALL_IS_WELL } from '../support/scenarios.ts';
import { judgedBy } from '../support/schemas.ts';
import { shellWords } from '../support/shell-words.ts';
import type { TestSimulator } from '../support/simulated.ts';
import { aTerminal } from '../support/terminal.ts';

/** The trial of one command: an example of its help, as a reader would type it. */
interface Trial {
  /** Beginning of the example that is run. */
  readonly example: string;
  readonly code: number;
  /** Words of the example that stand for something of the reader's, and what stands for them here. */
  readonly here?: (world: World) => Readonly<Record<string, string>>;
  /** Schema of its JSON in `docs/schemas/`. */
  readonly schema?: string;
  /** Another example for the faults, where the first calls nobody. */
  readonly faulty?: string;
}

/** Every command with its trial; a command that is missing here fails the first test. */
const TRIALS: Readonly<Record<string, Trial>> = {
  drill: {
    example: 'drill --scenario ./scenario.json',
    code: 0,
    here: ({ scenario }) => ({ './scenario.json': scenario, 7: '1' }),
    schema: 'drill.json',
  },
  sweep: { example: 'sweep --json', code: 1, schema: 'sweep.json' },
  status: { example: 'status --region', code: 1, schema: 'status.json' },
  explain: { example: 'explain prod/db --region', code: 1, schema: 'explain.json' },
  fix: { example: 'fix prod/db --region', code: 1, schema: 'fix.json' },
  ack: { example: 'ack prod/db --for', code: 0, schema: 'ack.json' },
  silence: { example: 'silence prod/db --until', code: 0, schema: 'silence.json' },
  except: { example: 'except prod/db --control SecretsManager.1 --until', code: 0, schema: 'except.json' },
  simulate: { example: 'simulate --port 4599', code: 0, here: () => ({ 4599: '0' }) },
  'dashboards preview': {
    example: 'dashboards preview --region',
    code: 0,
    here: () => ({ preview: 'preview --port 0' }),
  },
  replay: {
    example: 'replay events.json',
    code: 0,
    here: ({ events }) => ({ 'events.json': events }),
    schema: 'replay.json',
  },
  doctor: { example: 'doctor --json', code: 1, schema: 'doctor.json' },
  audit: { example: 'audit --from', code: 0, schema: 'audit.json' },
  'audit push security-hub': {
    example: 'audit push security-hub --period',
    code: 0,
    schema: 'audit-push.json',
  },
  'audit verify': {
    example: 'audit verify ./audits',
    code: 0,
    here: ({ audits }) => ({ './audits': audits }),
    schema: 'audit-verify.json',
    faulty: 'audit verify s3://',
  },
  cost: { example: 'cost --region', code: 0, schema: 'cost.json' },
  completion: { example: 'completion bash', code: 0 },
};

interface World {
  readonly simulator: TestSimulator;
  readonly endpoint: string;
  readonly scenario: string;
  readonly events: string;
  readonly audits: string;
  close(): Promise<void>;
}

/** An account with a deployed monitor and a rotation that is stuck, and files that examples name. */
async function open(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'commands-'));
  const [scenario, events, audits] = ['scenario.json', 'events.json', 'audits'].map((name) =>
    join(folder, name),
  );
  writeFileSync(scenario ?? '', JSON.stringify(ALL_IS_WELL));
  writeFileSync(events ?? '', '[]');
  const clock = new VirtualClock(START);
  const simulator = { ...createSimulator({ clock, seed: 1, skipsWireFormats: true }), clock };
  const plan = planMonitor(CENTRAL, { template: packedTemplate('home-full'), stackName: 'rotation-monitor' });
  await deployMonitor(simulator, plan);
  seedStuck(simulator);
  await simulator.clock.advance(30 * MINUTE);
  const { endpoint, close } = await simulator.listen({ port: 0 });
  const world = {
    simulator,
    endpoint,
    scenario: scenario ?? '',
    events: events ?? '',
    audits: audits ?? '',
    close: async () => {
      await close();
      simulator.close();
      rmSync(folder, { recursive: true });
    },
  };
  const { code } = await run(['audit', '--archive', world.audits, ...placeOf(world)]);
  expect(code).toBe(1);
  return world;
}

function seedStuck({ secretsManager, clock }: TestSimulator): void {
  const { arn } = secretsManager.functions.register({
    name: 'rotate-db',
    behaviour: 'error',
    step: 'setSecret',
  });
  secretsManager.seed({
    name: 'prod/db',
    kind: 'function',
    function: arn,
    schedule: 'rate(30 days)',
    createdAt: later(clock.now(), -40 * 24 * HOUR),
    lastRotatedAt: later(clock.now(), -10 * 24 * HOUR),
    versions: [
      { stages: ['AWSCURRENT'] },
      { stages: ['AWSPENDING'], createdAt: later(clock.now(), -2 * HOUR) },
    ],
  });
}

let world: World;
beforeAll(async () => {
  world = await open();
});
afterAll(() => world.close());

const placeOf = ({ endpoint, simulator }: World): readonly string[] => [
  '--endpoint-url',
  endpoint,
  '--now',
  formatInstant(simulator.clock.now()),
];

/** Commands that run until they are interrupted. */
const ENDLESS = ['simulate', 'dashboards'];

const run = (args: readonly string[]) => {
  // Quotas are by the second, and nothing else lets this clock go on.
  world?.simulator.clock.elapse(10 * SECOND);
  process.env['AWS_ACCESS_KEY_ID'] = OPERATOR;
  return runCommand(args, {
    environment: { ROTATION_MONITOR_EVENT_HISTORY: 'false', AWS_REGION: 'eu-west-1' },
    ...(ENDLESS.includes(args[0] ?? '') && { interrupted: Promise.resolve() }),
  });
};

const nameOf = (command: Command): string =>
  command.parent?.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();

/** Commands that do something, those within others too. */
const COMMANDS: readonly Command[] = createProgram(aTerminal())
  .commands.flatMap(function all(command): readonly Command[] {
    return [command, ...command.commands.flatMap(all)];
  })
  .filter(({ commands, options }) => commands.length === 0 || options.length > 0);
const NAMES = COMMANDS.map(nameOf);

const commandOf = (name: string): Command => {
  const command = COMMANDS.find((each) => nameOf(each) === name);
  if (command === undefined) throw new Error(`There is no command "${name}"`);
  return command;
};
const has = (name: string, option: string): boolean =>
  commandOf(name).options.some(({ long }) => long === option);

async function helpOf(name: string): Promise<string> {
  const { code, out } = await run([...name.split(' '), '--help']);
  expect(code).toBe(0);
  return out;
}

/** The words of an example, as far as they are the command: pipes and remarks are not. */
async function exampleOf(name: string, beginning: string): Promise<readonly string[]> {
  const lines = (await helpOf(name)).split('\n').map((line) => line.split('rotation-monitor ')[1] ?? '');
  const example = lines.find((line) => line.startsWith(beginning)) ?? '';
  expect(example, `an example that begins with "${beginning}"`).not.toBe('');
  return shellWords(example.replace(/( {2,}| [|>&]|\)).*$/, ''));
}

/** The words of an example with what they stand for here. */
async function argsOf(name: string, given: World, beginning: string): Promise<readonly string[]> {
  const here = TRIALS[name]?.here?.(given) ?? {};
  const words = (await exampleOf(name, beginning)).flatMap((word) => here[word]?.split(' ') ?? [word]);
  const profile = words.indexOf('--profile');
  const typed = profile < 0 ? words : [...words.slice(0, profile), ...words.slice(profile + 2)];
  const [where, endpoint = '', now, at = ''] = placeOf(given);
  return [
    ...typed,
    ...(has(name, '--endpoint-url') && where !== undefined ? [where, endpoint] : []),
    ...(has(name, '--now') && now !== undefined ? [now, at] : []),
  ];
}

test('every command has its trial, and there is no other', () => {
  expect(Object.keys(TRIALS).sort()).toEqual([...NAMES].sort());
});

test.each(NAMES)('the help of %s has examples and its exit codes', async (name) => {
  const help = await helpOf(name);
  expect(help).toMatch(new RegExp(`^Examples:\\n( {2}.*\\n)*? {2}.*rotation-monitor ${name}`, 'm'));
  expect(help).toMatch(/^Exit codes:\n {2}0 {2}\S/m);
  expect(help).toMatch(/^ {2}2 {2}\S/m);
});

test.each(NAMES)('an example of %s does what it says', async (name) => {
  const trial = TRIALS[name];
  const { code, err } = await run(await argsOf(name, world, trial?.example ?? ''));
  expect({ code, err }).toMatchObject({ code: trial?.code });
  expect(err).not.toContain('Error:');
});

const WITH_JSON = NAMES.filter((name) => has(name, '--json'));

test.each(WITH_JSON)('the JSON of %s obeys its schema, and --format json is the same', async (name) => {
  const { example = '', schema = 'none' } = TRIALS[name] ?? {};
  const args = (await argsOf(name, world, example)).filter((word) => word !== '--json');
  const { out } = await run([...args, '--json']);
  expect(judgedBy(schema)(JSON.parse(out))).toEqual([]);
  const timeless = (text: string): string => text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then');
  expect(timeless((await run([...args, '--format', 'json'])).out)).toBe(timeless(out));
});

/** Faults of everything that is called, with what their message says. */
const FAULTS: Readonly<
  Record<string, { readonly error?: AwsError; readonly said: string; readonly tries: number }>
> = {
  'that is down': { said: 'Check the address, and that something listens there.', tries: 3 },
  'that denies': {
    error: new AwsError('AccessDeniedException', 'User is not authorized to perform this', 400),
    said: 'Check that the credentials may call ',
    tries: 1,
  },
  'that throttles': {
    error: new AwsError('ThrottlingException', 'Rate exceeded', 400),
    said: 'Try again later: the quota of this call is used up.',
    tries: 3,
  },
  'with an expired session': {
    error: new AwsError(
      'ExpiredTokenException',
      'The security token included in the request is expired',
      403,
    ),
    said: 'The session of these credentials has expired: log in again.',
    tries: 1,
  },
  'with another time': {
    error: new AwsError(
      'InvalidSignatureException',
      'Signature expired: 20261101T000000Z is now earlier',
      403,
    ),
    said: 'The clock of this machine is more than five minutes off',
    tries: 3,
  },
};

test('every command that calls AWS says with the same options where and as whom', () => {
  const options = ['--region', '--profile', '--role-arn', '--endpoint-url'];
  const some = NAMES.filter((name) => options.some((option) => has(name, option)));
  expect(some.filter((name) => !options.every((option) => has(name, option)))).toEqual([]);
});

const CALLING = NAMES.filter((name) => has(name, '--endpoint-url'));
const CASES = CALLING.flatMap((name) => Object.keys(FAULTS).map((fault) => [name, fault] as const));
/** The role of whoever runs commands; the monitor in the same account goes on as before. */
const OPERATOR = 'operator';
/** A port of loopback on which nobody listens: that of the discard protocol. */
const NOBODY = 'http://127.0.0.1:9';

/** Holds a failed run to the form of errors: nothing but four parts, with the cause. */
function expectFault({ code, out, err }: CommandOutcome, said: string): void {
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(
    /^Error: Cannot .*\n(?: {2}.+\n)+\nHow to solve this\n {2}.+\n(?: {2}.+\n)*\nExample\n {2}.+\n$/m,
  );
  expect(said).not.toBe('');
  expect(err).toContain(said);
}

test.each(CASES)('%s against an endpoint %s ends with 2 and the cause in four parts', async (name, fault) => {
  // The SDK waits for a random part of a second between its tries.
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const { error, said = '', tries = 0 } = FAULTS[fault] ?? {};
  const { example = '', faulty } = TRIALS[name] ?? {};
  const calls = new Map<string, number>();
  const args = await argsOf(name, world, faulty ?? example);
  const remove = world.simulator.faults.before(({ service, operation, input, role }) => {
    if (error === undefined || !args.includes(world.endpoint) || role !== OPERATOR) return;
    const call = `${service}:${operation} ${JSON.stringify(input)}`;
    calls.set(call, (calls.get(call) ?? 0) + 1);
    throw error;
  });
  try {
    const there = args.map((word) => (error === undefined && word === world.endpoint ? NOBODY : word));
    expectFault(await run(there), said);
    expect([...calls].filter(([call, count]) => count > tries && !call.startsWith('sts:'))).toEqual([]);
  } finally {
    remove();
  }
});

/** Lets the calls of an operation fail for the operator, and answers what a command makes of it. */
async function failing(args: readonly string[], error: AwsError | undefined, only?: string) {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const remove = world.simulator.faults.before(({ operation, role }) => {
    if (role === OPERATOR && (only ?? operation) === operation) throw error;
  });
  const outcome = await run(args);
  remove();
  return outcome;
}

test.each(CALLING.filter((name) => WITH_JSON.includes(name)))(
  '%s --json writes nothing to stdout where everything is denied, and the cause to stderr',
  async (name) => {
    const { example = '', faulty } = TRIALS[name] ?? {};
    const { error, said } = FAULTS['that denies'] ?? { said: '' };
    const args = (await argsOf(name, world, faulty ?? example)).filter((word) => word !== '--json');
    expectFault(await failing([...args, '--json'], error), said);
  },
);

test.each([
  ['sweep', 'DescribeSecret', 'with an expired session'],
  ['status', 'DescribeSecret', 'with an expired session'],
  ['status', 'ListSecretVersionIds', 'with another time'],
  ['status', 'GetParameter', 'with an expired session'],
  ['explain', 'GetParameter', 'with another time'],
  ['explain', 'ListSecretVersionIds', 'with an expired session'],
  ['explain', 'GetFunctionConfiguration', 'with an expired session'],
  ['explain', 'GetPolicy', 'with another time'],
  ['fix', 'GetFunctionConcurrency', 'with an expired session'],
  ['doctor', 'DescribeTrails', 'with an expired session'],
  ['doctor', 'GetQueueAttributes', 'with another time'],
  ['doctor', 'SimulatePrincipalPolicy', 'with an expired session'],
  ['fix', 'GetParameter', 'with an expired session'],
  ['fix', 'GetCallerIdentity', 'that throttles'],
  ['except', 'GetCallerIdentity', 'that throttles'],
  ['except', 'GetCallerIdentity', 'that denies'],
  ['audit', 'GetParameter', 'with an expired session'],
  ['audit push security-hub', 'GetFindings', 'with an expired session'],
])('%s ends with the cause where %s alone meets an endpoint %s', async (name, operation, fault) => {
  const { error, said } = FAULTS[fault] ?? { said: '' };
  const args = await argsOf(name, world, TRIALS[name]?.example ?? '');
  // A refusal does without the caller, a plan does not.
  const more = name === 'fix' ? ['--current-works'] : [];
  expectFault(await failing([...args, ...more], error, operation), said);
});

test('ack --list ends with the cause where STS does not say whose alerts to list', async () => {
  const { error, said } = FAULTS['that throttles'] ?? { said: '' };
  const args = ['ack', '--list', '--region', 'eu-west-1', ...placeOf(world)];
  expectFault(await failing(args, error, 'GetCallerIdentity'), said);
});

import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';
import * as z from 'zod';
import { DAY, formatInstant, HOUR, MINUTE, SECOND } from '../../src/calendar/instant.ts';
import { CHECKS } from '../../src/monitor/application/doctor/checks.ts';
import { MEMBER_CHECKS } from '../../src/monitor/application/doctor/member-checks.ts';
import { ofType } from '../../src/proving/player/deployed-resources.ts';
import {
  deployMonitor,
  type MonitorPlan,
  packedTemplate,
  planMonitor,
} from '../../src/proving/player/monitor.ts';
import { AwsError } from '../../src/simulator/call/aws-error.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { at } from '../support/builders.ts';
import { deny } from '../support/denying.ts';
import { START } from '../support/deployed.ts';
import { CENTRAL, MEMBER, openOrganization } from '../support/organization.ts';
import { runCommand } from '../support/run-command.ts';
import { aSimulator, type TestSimulator } from '../support/simulated.ts';
import { deployOrganization } from '../support/template/deployed-organization.ts';

const reportSchema = z.object({
  diagnoses: z.array(
    z.object({
      check: z.string(),
      health: z.string(),
      subject: z.string(),
      what: z.string(),
      remedy: z.string().nullable(),
    }),
  ),
});
const published = z.fromJSONSchema(JSON.parse(readFileSync('docs/schemas/doctor.json', 'utf8')));

interface World {
  readonly simulator: TestSimulator;
  readonly plan: MonitorPlan;
  readonly endpoint: string;
  doctor(...more: readonly string[]): ReturnType<typeof runCommand>;
  /** `check health` of everything that is not well, each once. */
  complaints(): Promise<readonly string[]>;
}

/** A monitor with all that it can have, which has swept for half an hour. */
async function deployed(): Promise<World> {
  const simulator = aSimulator(START, 1, { skipsWireFormats: true });
  simulator.secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
  simulator.secretsManager.seed({
    name: 'well',
    kind: 'function',
    function: 'rotate',
    schedule: 'rate(1 day)',
  });
  const plan = planMonitor(CENTRAL, { template: packedTemplate('home-full'), stackName: 'rotation-monitor' });
  await deployMonitor(simulator, plan);
  const { qTopicArn: TopicArn } = plan.config;
  await simulator.call(
    'sns',
    'Subscribe',
    { TopicArn, Protocol: 'email', Endpoint: 'chat@example.com' },
    'operator',
  );
  await simulator.call(
    'secretsmanager',
    'RotateSecret',
    { SecretId: 'well', ClientRequestToken: VERSION },
    'operator',
  );
  await simulator.clock.advance(30 * MINUTE);
  const { endpoint, close } = await simulator.listen({ port: 0 });
  onTestFinished(close);
  const doctor = (...more: readonly string[]) => {
    const at = [
      '--endpoint-url',
      endpoint,
      '--region',
      'eu-west-1',
      '--now',
      formatInstant(simulator.clock.now()),
    ];
    return runCommand(['doctor', ...at, ...more]);
  };
  const complaints = async () => {
    const { diagnoses } = reportSchema.parse(JSON.parse((await doctor('--json')).out));
    const bad = diagnoses
      .filter(({ health }) => health !== 'ok')
      .map(({ check, health }) => `${check} ${health}`);
    return [...new Set(bad)];
  };
  return { simulator, plan, endpoint, doctor, complaints };
}

const VERSION = '22222222-2222-4222-8222-222222222222';

test('every check has a fault that is planted, and every fault a check', () => {
  const faults = [
    [CHECKS, [...FAULTS, ...MEMBER_FAULTS]],
    [MEMBER_CHECKS, INSIDE_FAULTS],
  ] as const;
  for (const [checks, all] of faults) {
    const planted = all.map(([, expected]) => expected.split(' ')[0]);
    const names = checks.map(({ name }) => name);
    expect(names.filter((name) => !planted.includes(name))).toEqual([]);
    // Runtimes and policies of rotation functions are looked at together with their log groups.
    const beside = ['runtimes', 'function-policies'];
    expect(planted.filter((name) => ![...beside, ...names].includes(name ?? ''))).toEqual([]);
  }
});

test('a healthy deployment has no line', async () => {
  const { doctor } = await deployed();
  const healthy =
    /^Monitor "rotation-monitor-Monitor-[0-9A-F]{8}" in account 111122223333, eu-west-1: fail 0, unknown 0, warn 0, ok \d\d+\n$/;
  expect(await doctor()).toEqual({ code: 0, err: '', out: expect.stringMatching(healthy) });
  const { out } = await doctor('--verbose');
  for (const check of ['trail', 'rules', 'key-policy', 'log-groups', 'last-sweep'])
    expect(out).toContain(`ok      ${check}`);
  const json = JSON.parse((await doctor('--json')).out);
  expect(published.safeParse(json)).toMatchObject({ success: true });
});

test('the endpoint may stand in the environment alone', async () => {
  const { endpoint, simulator } = await deployed();
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  onTestFinished(() => void vi.unstubAllEnvs());
  const now = formatInstant(simulator.clock.now());
  expect(await runCommand(['doctor', '--region', 'eu-west-1', '--now', now])).toMatchObject({
    code: 0,
    err: '',
  });
});

type Fault = (world: World) => unknown;

const call = (
  { simulator }: World,
  service: Parameters<TestSimulator['call']>[0],
  operation: string,
  input: object,
) => simulator.call(service, operation, { ...input }, 'somebody');

const nameOf = ({ plan }: World, handler: string): string => plan.functionOf(handler).name;

const trail = {
  name: 't',
  isMultiRegion: true,
  homeRegion: 'eu-west-1',
  isLogging: true,
  deliveryError: undefined,
  managementEvents: 'All',
} as const;

const disableRule: Fault = async (world) => {
  await call(world, 'events', 'DisableRule', {
    Name: world.plan.idOf('AWS::Events::Rule', 'RotationOutcomes'),
  });
};

const FAULTS: readonly (readonly [string, string, Fault])[] = [
  ['no trail', 'trail fail', ({ simulator }) => simulator.cloudTrail.trails.set([])],
  [
    'an event data store in place of a trail',
    'trail fail',
    ({ simulator }) => {
      simulator.cloudTrail.trails.set([]);
      simulator.cloudTrail.trails.setDataStores(['lake']);
    },
  ],
  [
    'a trail that does not log',
    'trail fail',
    ({ simulator }) => simulator.cloudTrail.trails.set([{ ...trail, isLogging: false }]),
  ],
  [
    'a trail that logs reads alone',
    'trail fail',
    ({ simulator }) => simulator.cloudTrail.trails.set([{ ...trail, managementEvents: 'ReadOnly' }]),
  ],
  [
    'a trail of another region',
    'trail fail',
    ({ simulator }) =>
      simulator.cloudTrail.trails.set([{ ...trail, isMultiRegion: false, homeRegion: 'us-east-1' }]),
  ],
  [
    'a trail that cannot deliver',
    'trail warn',
    ({ simulator }) => simulator.cloudTrail.trails.set([{ ...trail, deliveryError: 'AccessDenied' }]),
  ],
  ['a rule that is disabled', 'rules fail', disableRule],
  [
    'a rule with another pattern',
    'rules fail',
    async (world) => {
      const Name = world.plan.idOf('AWS::Events::Rule', 'RotationOutcomes');
      const pattern = { source: ['aws.secretsmanager'], detail: { eventName: ['RotationFailed'] } };
      await call(world, 'events', 'PutRule', { Name, EventPattern: JSON.stringify(pattern) });
    },
  ],
  [
    'a queue that feeds nothing',
    'queues fail',
    async (world) => {
      const [mapping] = mappingsOf(
        await call(world, 'lambda', 'ListEventSourceMappings', { FunctionName: nameOf(world, 'deliver') }),
      );
      await call(world, 'lambda', 'UpdateEventSourceMapping', { UUID: mapping, Enabled: false });
    },
  ],
  [
    'a queue that nobody may send to',
    'queue-policies fail',
    async (world) => {
      const QueueUrl = world.plan.idOf('AWS::SQS::Queue', 'LabelEventsQueue');
      const Policy = JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: '*' }],
      });
      await call(world, 'sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
    },
  ],
  [
    'a condition that nobody understands',
    'queue-policies unknown',
    async (world) => {
      const QueueUrl = world.plan.idOf('AWS::SQS::Queue', 'LabelEventsQueue');
      const Statement = [
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: '*',
          Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
        },
      ];
      await call(world, 'sqs', 'SetQueueAttributes', {
        QueueUrl,
        Attributes: { Policy: JSON.stringify({ Statement }) },
      });
    },
  ],
  [
    'a function that is gone',
    'functions fail',
    ({ simulator, plan }) => {
      const { name } = plan.functionOf('check-secret');
      simulator.faults.before(({ operation, input }) => {
        if (operation === 'GetFunctionConfiguration' && input['FunctionName'] === name)
          throw new AwsError('ResourceNotFoundException', `Function not found: ${name}`, 404);
      });
    },
  ],
  [
    'a function that cannot run',
    'functions fail',
    (world) => world.simulator.functionResources.deploy(nameOf(world, 'deliver'), { state: 'Failed' }),
  ],
  [
    'a role that lost a permission',
    'identity-policies fail',
    ({ simulator, plan }) => {
      const arn = `arn:aws:iam::111122223333:role/${plan.functionOf('deliver').role}`;
      const kept = (simulator.world.roles.identityOf(arn) ?? []).filter(
        ({ actions }) => !actions.includes('sns:Publish'),
      );
      simulator.world.roles.describe(arn, kept);
    },
  ],
  [
    'a role that may read values',
    'identity-policies fail',
    ({ simulator, plan }) => {
      const arn = `arn:aws:iam::111122223333:role/${plan.functionOf('sweep').role}`;
      simulator.world.roles.describe(
        arn,
        (simulator.world.roles.identityOf(arn) ?? []).filter(({ effect }) => effect === 'Allow'),
      );
    },
  ],
  [
    'a key that EventBridge may not use',
    'key-policy fail',
    ({ simulator, plan }) =>
      simulator.kms.setPolicy(plan.idOf('AWS::KMS::Key', 'Encryption'), {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: 'arn:aws:iam::111122223333:root' },
            Action: 'kms:*',
            Resource: '*',
          },
        ],
      }),
  ],
  [
    'a dead letter',
    'dead-letters fail',
    ({ simulator, plan }) =>
      void simulator.queues.find(plan.idOf('AWS::SQS::Queue', 'DeadLetters')).send({ body: '{}' }),
  ],
  [
    'an address that nobody confirmed',
    'subscriptions warn',
    async (world) => {
      const { alertTopicArn: TopicArn } = world.plan.config;
      await call(world, 'sns', 'Subscribe', {
        TopicArn,
        Protocol: 'https',
        Endpoint: 'https://example.com/hook',
      });
    },
  ],
  [
    'a filter that nothing passes',
    'subscriptions fail',
    async (world) => {
      const { alertTopicArn: TopicArn } = world.plan.config;
      const FilterPolicy = JSON.stringify({ severity: ['high'] });
      await call(world, 'sns', 'Subscribe', {
        TopicArn,
        Protocol: 'email',
        Endpoint: 'a@example.com',
        Attributes: { FilterPolicy },
      });
    },
  ],
  [
    'a health topic that alarms may not publish to',
    'topic-policies fail',
    async (world) => {
      const { healthTopicArn: TopicArn } = world.plan.config;
      await call(world, 'sns', 'SetTopicAttributes', {
        TopicArn,
        AttributeName: 'Policy',
        AttributeValue: '{"Statement":[]}',
      });
    },
  ],
  [
    'a telephone number in an account that begins',
    'sms-sandbox warn',
    async (world) => {
      const { alertTopicArn: TopicArn } = world.plan.config;
      await call(world, 'sns', 'Subscribe', { TopicArn, Protocol: 'sms', Endpoint: '+15550100' });
    },
  ],
  ['a widget that may not be invoked', 'widget warn', ({ simulator }) => deny(simulator, 'Invoke')],
  [
    'a fresh account',
    'concurrency warn',
    ({ simulator }) => {
      simulator.functionResources.concurrencyLimit = 10;
    },
  ],
  [
    'a rotation function without a log group',
    'log-groups warn',
    ({ simulator }) => simulator.functionResources.deploy('rotate', { logGroup: '/gone' }),
  ],
  [
    'a rotation function that Secrets Manager may not invoke',
    'function-policies fail',
    ({ simulator }) => simulator.functionResources.deploy('rotate', { policy: [] }),
  ],
  [
    'a runtime that ended',
    'runtimes warn',
    ({ simulator }) => simulator.functionResources.deploy('rotate', { runtime: 'python3.8' }),
  ],
  [
    'sweeps that stopped',
    'last-sweep fail',
    ({ simulator }) => {
      deny(simulator, 'ListSecrets');
      return simulator.clock.advance(HOUR);
    },
  ],
  [
    'audits that stopped',
    'last-audit fail',
    async (world) => {
      await call(world, 'monitoring', 'PutMetricData', {
        Namespace: world.plan.config.metricsNamespace,
        MetricData: [{ MetricName: 'AuditAge', Value: (9 * DAY) / SECOND, Unit: 'Seconds' }],
      });
      await world.simulator.clock.advance(MINUTE);
    },
  ],
  [
    'events that do not arrive',
    'last-event fail',
    async (world) => {
      await disableRule(world);
      await call(world, 'events', 'DisableRule', {
        Name: world.plan.idOf('AWS::Events::Rule', 'SecretChanges'),
      });
      await call(world, 'events', 'DisableRule', {
        Name: world.plan.idOf('AWS::Events::Rule', 'LabelUpdated'),
      });
      await world.simulator.clock.advance(6 * HOUR);
    },
  ],
];

const mappingsOf = (answer: unknown): readonly string[] =>
  z
    .object({ EventSourceMappings: z.array(z.object({ UUID: z.string() })) })
    .parse(answer)
    .EventSourceMappings.map(({ UUID }) => UUID);

const THIRD = Math.ceil(FAULTS.length / 3);
/** Every fault together with two of other kinds. */
const TRIPLES = FAULTS.slice(0, THIRD).map((fault, index) => {
  const later = (by: number) => FAULTS[(index + by * THIRD) % FAULTS.length] ?? fault;
  return [fault[0], later(2), later(1), fault] as const;
});

test.each(TRIPLES)('%s and two other faults are all found', async (_what, ...faults) => {
  const world = await deployed();
  for (const [, , plant] of faults) await plant(world);
  const complaints = await world.complaints();
  for (const [, expected] of faults) expect(complaints).toContain(expected);
});

test('two faults are both found, each with what to do, and the exit code is 1', async () => {
  const world = await deployed();
  world.simulator.cloudTrail.trails.set([]);
  await disableRule(world);
  const { code, out } = await world.doctor();
  expect(code).toBe(1);
  expect(out).toMatch(
    /^fail {4}trail {2}CloudTrail\n {8}No trail records this region\.\n {8}Do: Create a trail/m,
  );
  expect(out).toMatch(
    /^fail {4}rules {2}.*\n {8}Events of rotations do not arrive: the rule is disabled\.\n {8}Do: Enable it/m,
  );
  expect(await world.complaints()).toEqual(['trail fail', 'rules fail']);
});

test('what may not be read is unknown with the permission it takes, never ok, and the rest goes on', async () => {
  const world = await deployed();
  for (const operation of ['DescribeTrails', 'GetKeyPolicy', 'SimulatePrincipalPolicy'])
    deny(world.simulator, operation);
  const { code, out } = await world.doctor();
  expect(code).toBe(0);
  expect(out).toMatch(/^unknown trail .*Allow cloudtrail:DescribeTrails/ms);
  expect(await world.complaints()).toEqual([
    'trail unknown',
    'identity-policies unknown',
    'key-policy unknown',
  ]);
});

test('a name that fits no monitor, or that may not be looked for, is reported in four parts', async () => {
  const world = await deployed();
  const absent = await world.doctor('--deployment', 'elsewhere');
  expect(absent).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('Cannot find a monitor named "elsewhere"'),
  });
  deny(world.simulator, 'ListFunctions');
  const denied = await world.doctor();
  expect(denied).toMatchObject({ code: 2, out: '', err: expect.stringContaining('lambda:ListFunctions') });
});

/** Answers what is wrong at an account and region, by the doctor. */
async function complaining(simulator: Simulator, ...more: readonly string[]): Promise<readonly string[]> {
  const { endpoint, close } = await simulator.listen({ port: 0 });
  try {
    const where = ['--endpoint-url', endpoint, '--region', simulator.home.region];
    const now = ['--now', formatInstant(simulator.clock.now())];
    const { out, err } = await runCommand(['doctor', '--json', ...where, ...now, ...more]);
    expect(err).toBe('');
    const json: unknown = JSON.parse(out);
    expect(published.safeParse(json)).toMatchObject({ success: true });
    return reportSchema
      .parse(json)
      .diagnoses.filter(({ health }) => health !== 'ok')
      .map(({ check, health, what }) => `${check} ${health}: ${what}`);
  } finally {
    await close();
  }
}

/** A home that watches an account, and what the doctor says of it, at home and inside. */
async function organized() {
  const organization = openOrganization(at('2026-11-01T01:55:00Z'));
  const members = [{ accounts: [MEMBER.account], regions: [CENTRAL.region] }];
  const { join } = await deployOrganization(organization, { members, organizationId: 'o-simulated1' });
  const complaints = () => complaining(organization.at(CENTRAL));
  const complaintsInside = () =>
    complaining(organization.at(MEMBER), '--member', '--member-role', 'rotation-reader');
  return { organization, join, complaints, complaintsInside };
}

test('a home whose member is swept has no line', async () => {
  const { organization, join, complaints } = await organized();
  await join(MEMBER);
  await organization.clock.advance(30 * MINUTE);
  expect(await complaints()).toEqual([]);
});

type MemberFault = (world: Awaited<ReturnType<typeof organized>>) => unknown;

const MEMBER_FAULTS: readonly (readonly [string, string, MemberFault])[] = [
  ['a member without its role', 'members fail', ({ organization }) => organization.clock.advance(HOUR)],
  [
    'a rule of the bus of members that is disabled',
    'member-rules fail',
    async ({ organization }) => {
      const home = organization.at(CENTRAL);
      const { EventBuses } = busesSchema.parse(await home.call('events', 'ListEventBuses', {}, 'somebody'));
      const [bus] = EventBuses.filter(({ Name }) => Name !== 'default');
      const onBus = { EventBusName: bus?.Name };
      const { Rules } = rulesSchema.parse(await home.call('events', 'ListRules', onBus, 'somebody'));
      for (const { Name } of Rules) await home.call('events', 'DisableRule', { ...onBus, Name }, 'somebody');
    },
  ],
];

const busesSchema = z.object({ EventBuses: z.array(z.object({ Name: z.string() })) });
const rulesSchema = z.object({ Rules: z.array(z.object({ Name: z.string() })) });

/** A member that has joined, with a secret that rotates. */
async function joined() {
  const world = await organized();
  const member = world.organization.at(MEMBER);
  member.secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
  member.secretsManager.seed({ name: 'well', kind: 'function', function: 'rotate', schedule: 'rate(1 day)' });
  const resources = await world.join(MEMBER);
  const idOf = (type: string): string => ofType(resources, type)[0]?.id ?? '';
  const roleOf = (part: string): string =>
    `arn:aws:iam::${MEMBER.account}:role/${
      part === 'Look'
        ? 'rotation-reader'
        : ofType(resources, 'AWS::IAM::Role').find(({ id }) => id.includes(part))?.id
    }`;
  await member.call(
    'secretsmanager',
    'RotateSecret',
    { SecretId: 'well', ClientRequestToken: VERSION },
    'operator',
  );
  await world.organization.clock.advance(30 * MINUTE);
  return { ...world, member, idOf, roleOf };
}

test('inside a member that is well the doctor has no line', async () => {
  const { complaints, complaintsInside } = await joined();
  expect(await complaintsInside()).toEqual([]);
  expect(await complaints()).toEqual([]);
});

type InsideFault = (world: Awaited<ReturnType<typeof joined>>) => unknown;

const INSIDE_FAULTS: readonly (readonly [string, string, InsideFault])[] = [
  ['no trail', 'trail fail', ({ member }) => member.cloudTrail.trails.set([])],
  [
    'a rule that is disabled',
    'rules fail',
    ({ member, idOf }) =>
      member.call('events', 'DisableRule', { Name: idOf('AWS::Events::Rule') }, 'somebody'),
  ],
  [
    'a role that may send nowhere',
    'forward-role fail',
    ({ member, roleOf }) => member.world.roles.describe(roleOf('Forward'), []),
  ],
  [
    'an event that could not be sent',
    'dead-letters fail',
    ({ member, idOf }) => void member.queues.find(idOf('AWS::SQS::Queue')).send({ body: '{}' }),
  ],
  [
    'a queue that lets no rule put an event aside',
    'queue-policies fail',
    ({ member, idOf }) => {
      const { region, account } = member.home;
      const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/${idOf('AWS::SQS::Queue')}`;
      const Attributes = { Policy: '{"Statement":[]}' };
      return member.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes }, 'somebody');
    },
  ],
  [
    'a role that may read values',
    'look-role fail',
    ({ member, roleOf }) => {
      const arn = roleOf('Look');
      const kept = (member.world.roles.identityOf(arn) ?? []).filter(({ effect }) => effect === 'Allow');
      member.world.roles.describe(arn, kept);
    },
  ],
  [
    'a rotation function without a log group',
    'log-groups warn',
    ({ member }) => member.functionResources.deploy('rotate', { logGroup: '/gone' }),
  ],
  [
    'a runtime that ended',
    'runtimes warn',
    ({ member }) => member.functionResources.deploy('rotate', { runtime: 'python3.8' }),
  ],
];

const INSIDE_HALF = INSIDE_FAULTS.length / 2;
const INSIDE_PAIRS = INSIDE_FAULTS.slice(0, INSIDE_HALF).map(
  (fault, index) => [fault[0], fault, INSIDE_FAULTS[index + INSIDE_HALF] ?? fault] as const,
);

test.each(INSIDE_PAIRS)('inside a member %s and another fault are both found', async (_what, ...faults) => {
  const world = await joined();
  for (const [, , plant] of faults) await plant(world);
  const complaints = await world.complaintsInside();
  for (const [, expected] of faults) expect(complaints).toContainEqual(expect.stringContaining(expected));
});

test('an account and region without a monitor is no member, and each event says so', async () => {
  const { organization } = await organized();
  const inside = await complaining(organization.at(MEMBER), '--member');
  expect(inside).toContain('rules fail: No rule sends them to the monitor.');
  expect(inside).toContain('look-role fail: The role that the monitor looks with does not exist.');
});

test.each(MEMBER_FAULTS)('%s is found by what the home shows', async (_what, expected, plant) => {
  const world = await organized();
  await plant(world);
  expect(await world.complaints()).toContainEqual(expect.stringContaining(expected));
});

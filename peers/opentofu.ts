import * as z from 'zod';
import { HOUR } from '../src/calendar/instant.ts';
import { PROVIDER_VERSION, providerIn } from './support/aws-provider.ts';
import type { Case, Peer } from './support/peer.ts';
import { openTofu, TOFU_VERSION, type Tofu, tofuIn, type Variables } from './support/tofu.ts';
import { type WatchedAccount, watchedAccount } from './support/watched-account.ts';

const NAME = 'prod/orders';

/** A change that people deploy, and what happens in the hours after it. */
interface Act {
  readonly name: string;
  /** Name of the rotation function from now on. */
  readonly function?: string;
  readonly variables?: Variables;
  /** Whether the function that failed has been repaired by then. */
  readonly isRepaired?: boolean;
  /** Whether all is destroyed instead. */
  readonly isEnd?: boolean;
  readonly hours: number;
  /** Subjects of the mails that should come in these hours. */
  readonly tells: readonly string[];
}

/** The acts in their order; each keeps the variables of those before it. */
const ACTS: readonly Act[] = [
  { name: 'created, with a rotation every night', function: 'rotate', hours: 50, tells: [] },
  { name: 'described otherwise', variables: { description: 'Orders' }, hours: 2, tells: [] },
  { name: 'another schedule', variables: { schedule: 'cron(0 4 * * ? *)' }, hours: 50, tells: [] },
  {
    name: 'the value overwritten',
    variables: { value: '{"password":"second"}' },
    hours: 1,
    tells: [`[LOW] ${NAME}: current-changed-outside-rotation`],
  },
  {
    name: 'nothing, while the next rotation goes well',
    hours: 26,
    tells: [`[RESOLVED] ${NAME}: current-changed-outside-rotation`],
  },
  {
    name: 'a function that fails',
    function: 'broken',
    hours: 1,
    tells: [`[MEDIUM] ${NAME}: rotation-failed`],
  },
  {
    name: 'nothing, once the function is repaired',
    isRepaired: true,
    hours: 3,
    tells: [`[HIGH] ${NAME}: stuck-pending`, `[RESOLVED] ${NAME}: stuck-pending`],
  },
  {
    name: 'rotation taken out',
    variables: { rotates: false },
    hours: 20,
    tells: [`[MEDIUM] ${NAME}: rotation-silently-disabled`],
  },
  {
    name: 'all destroyed',
    isEnd: true,
    hours: 26,
    tells: [`[RESOLVED] ${NAME}: rotation-silently-disabled`],
  },
];

/** The tool by which teams deploy secrets, in an account that the monitor watches. */
export const opentofu: Peer = {
  name: 'opentofu',
  software: 'OpenTofu with the AWS provider',
  version: `${TOFU_VERSION}, ${PROVIDER_VERSION}`,
  from: 'Go proxy',
  against: '`simulate`, watched by the monitor of a drill',
  needs: ['go'],
  limits:
    'The provider is built with the services IAM, Secrets Manager and STS alone; its code for these is unchanged.',
  explained: [],
  install: async (ground) => {
    await tofuIn(ground);
    await providerIn(ground);
  },
  run: async (ground) => {
    const folders = { tofu: await tofuIn(ground), provider: await providerIn(ground) };
    const account = await watchedAccount(({ secretsManager: { functions } }) => {
      functions.register({ name: 'rotate', behaviour: 'healthy' });
      functions.register({ name: 'broken', behaviour: 'error', step: 'setSecret' });
    });
    const tofu = await openTofu(folders, account.endpoint);
    try {
      const cases: Case[] = [];
      let variables: Variables = {};
      for (const act of ACTS) {
        variables = { ...variables, ...variablesOf(act, account) };
        cases.push(...(await played(act, { account, tofu, variables })));
      }
      return cases;
    } finally {
      await tofu.close();
      await account.close();
    }
  },
};

function variablesOf({ variables, function: name }: Act, { simulator }: WatchedAccount): Variables {
  const arn = name && simulator.secretsManager.functions.find(name)?.arn;
  return { ...variables, ...(arn ? { function: arn } : {}) };
}

interface Scene {
  readonly account: WatchedAccount;
  readonly tofu: Tofu;
  readonly variables: Variables;
}

/** Plays one act: the change itself, what is left to change hours later, what is seen, and what the monitor tells. */
async function played(act: Act, { account, tofu, variables }: Scene): Promise<readonly Case[]> {
  if (act.isRepaired)
    account.simulator.secretsManager.functions.register({ name: 'broken', behaviour: 'healthy' });
  const { status, stderr } = await account.during(
    act.isEnd ? tofu.destroy(variables) : tofu.apply(variables),
  );
  await account.pass(act.hours * HOUR);
  const told: Case = { name: `${act.name}: the monitor tells`, theirs: act.tells, ours: account.told() };
  const done: Case = { name: `${act.name}: deployed`, theirs: status === 0 || stderr, ours: true };
  if (act.isEnd) return [done, told];
  const plan = await account.during(tofu.plan(variables));
  const left: Case = {
    name: `${act.name}: nothing left to change`,
    theirs: plan.status === 0 || plan.stdout,
    ours: true,
  };
  return [
    done,
    left,
    { name: `${act.name}: the secret`, theirs: seenBy(await tofu.state()), ours: await seenIn(account) },
    told,
  ];
}

const rules = z.object({ schedule_expression: z.string(), duration: z.string() });
const rotated = z.object({
  rotation_enabled: z.boolean(),
  rotation_lambda_arn: z.string(),
  rotation_rules: z.tuple([rules]),
});
const secret = z.object({ arn: z.string(), description: z.string(), tags: z.record(z.string(), z.string()) });

/** The secret as the provider has read it. */
function seenBy(state: Awaited<ReturnType<Tofu['state']>>): unknown {
  const { arn, description, tags } = secret.parse(state.get('aws_secretsmanager_secret'));
  const rotation = state.get('aws_secretsmanager_secret_rotation');
  if (rotation === undefined) return { arn, description, tags, isRotated: false };
  const { rotation_enabled: isRotated, ...rest } = rotated.parse(rotation);
  const [{ schedule_expression: schedule, duration }] = rest.rotation_rules;
  return { arn, description, tags, isRotated, by: rest.rotation_lambda_arn, schedule, duration };
}

/** The secret as the simulator has it. */
async function seenIn({ simulator }: WatchedAccount): Promise<unknown> {
  const input = { SecretId: NAME };
  const answer = await simulator.call('secretsmanager', 'DescribeSecret', input, 'operator');
  const { ARN: arn, Description: description, Tags, RotationEnabled: isRotated, ...rest } = Object(answer);
  const tags = Object.fromEntries(Tags.map(({ Key, Value }: Record<string, string>) => [Key, Value]));
  if (isRotated !== true) return { arn, description, tags, isRotated: false };
  const { ScheduleExpression: schedule, Duration: duration } = rest.RotationRules;
  return { arn, description, tags, isRotated, by: rest.RotationLambdaARN, schedule, duration };
}

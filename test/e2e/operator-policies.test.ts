import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { expect, onTestFinished, test } from 'vitest';
import { IMPLIED_PERMISSIONS } from '../../infra/functions/implied-permissions.ts';
import { OPERATOR_POLICIES, type OperatorPolicy } from '../../infra/permissions/operator-policies.ts';
import { formatInstant, HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { createProgram } from '../../src/cli/program.ts';
import { s3ReportStore } from '../../src/monitor/adapters/s3/s3-report-store.ts';
import { CHECKS } from '../../src/monitor/application/doctor/checks.ts';
import { MEMBER_CHECKS } from '../../src/monitor/application/doctor/member-checks.ts';
import { archiveReport } from '../../src/monitor/application/report/archive-report.ts';
import { asffFinding } from '../../src/monitor/domain/report-format/asff-finding.ts';
import { enforce } from '../../src/proving/player/enforce.ts';
import { deployMonitor, packedTemplate, planMonitor } from '../../src/proving/player/monitor.ts';
import type { RoleStatement } from '../../src/proving/player/statements.ts';
import { START } from '../support/deployed.ts';
import { CENTRAL } from '../support/organization.ts';
import { arnOf } from '../support/policy-arns.ts';
import { aProvenance, aSecretAudit, aStream, aVerdict } from '../support/reports.ts';
import { runCommand } from '../support/run-command.ts';
import { aSimulator, type TestSimulator } from '../support/simulated.ts';
import { aTerminal } from '../support/terminal.ts';

const policyOf = (name: string): OperatorPolicy => {
  const found = OPERATOR_POLICIES.find((policy) => policy.name === name);
  if (found === undefined) throw new Error(`There is no policy "${name}"`);
  return found;
};

/** The statements of a policy as those of a role, without some actions, of one statement where that is named. */
const statementsFor = (
  role: string,
  { statements }: OperatorPolicy,
  without: readonly string[] = [],
  within?: string,
): readonly RoleStatement[] =>
  statements.map(({ sid, effect, actions, resources, conditions = {} }) => ({
    role,
    sid,
    effect,
    actions:
      effect === 'Deny' || (within !== undefined && within !== sid)
        ? actions
        : actions.filter((action) => !without.includes(action)),
    resources: resources.map(arnOf),
    conditions,
  }));

/** The actions of calls; those that AWS does for its caller are not among them. */
const actionsOf = ({ statements }: OperatorPolicy): readonly string[] =>
  statements
    .filter(({ effect, sid }) => effect === 'Allow' && IMPLIED_PERMISSIONS[sid] === undefined)
    .flatMap(({ actions }) => actions);

/** Nobody presses Ctrl-C. */
const interrupted = new Promise<void>(() => undefined);
const STUCK = '22222222-2222-4222-8222-222222222222';

/** A secret with a version that has been pending for two hours. */
function seedStuck(
  { secretsManager, clock }: TestSimulator,
  name: string,
  tags: Readonly<Record<string, string>> = {},
): void {
  const { arn } = secretsManager.functions.register({
    name: 'rotate-db',
    behaviour: 'error',
    step: 'setSecret',
  });
  secretsManager.seed({
    name,
    kind: 'function',
    function: arn,
    tags,
    schedule: 'rate(30 days)',
    lastRotatedAt: later(clock.now(), -10 * 24 * HOUR),
    versions: [
      { stages: ['AWSCURRENT'] },
      { id: STUCK, stages: ['AWSPENDING'], createdAt: later(clock.now(), -2 * HOUR) },
    ],
  });
}

/** The tag of the owner whom the policies name. */
const OWNED = { 'rotation-monitor:owner': 'payments' };

/** Rotates a secret whose function cannot finish, so that the target takes the new password alone. */
async function breakFinish(simulator: TestSimulator, name: string, functionName: string): Promise<void> {
  const { secretsManager, clock, call } = simulator;
  const cause = { cause: 'code-broken', step: 'finishSecret' } as const;
  secretsManager.functions.register({ name: functionName, behaviour: 'healthy', ...cause });
  secretsManager.seed({ name, kind: 'function', function: functionName, schedule: 'rate(30 days)' });
  await call('secretsmanager', 'RotateSecret', { SecretId: name, ClientRequestToken: STUCK }, 'deployer');
  await clock.advance(25 * MINUTE);
}

/** A deployed monitor, and how somebody runs a command there. */
async function world() {
  const simulator = aSimulator(START, 1, { skipsWireFormats: true });
  const plan = planMonitor(CENTRAL, { template: packedTemplate('home-full'), stackName: 'rotation-monitor' });
  await deployMonitor(simulator, plan);
  seedStuck(simulator, 'prod/stuck', OWNED);
  await simulator.clock.advance(10 * MINUTE);
  const { endpoint, close } = await simulator.listen({ port: 0 });
  onTestFinished(close);
  const as = (role: string, [command = '', ...args]: readonly string[]) => {
    const environment = {
      ROTATION_MONITOR_EVENT_HISTORY: String(command !== 'explain' && command !== 'fix'),
    };
    const isTimeless = command === 'cost' || args[0] === 'verify';
    const now = isTimeless ? [] : ['--now', formatInstant(simulator.clock.now())];
    const where = ['--endpoint-url', endpoint, '--region', 'eu-west-1', ...now];
    process.env['AWS_ACCESS_KEY_ID'] = role;
    return runCommand([command, ...args, ...where], { environment, interrupted });
  };
  return { simulator, plan, as };
}

const ARCHIVE = 's3://example-audits/rotation';

/** The commands of each, those that make fewer calls first. */
const COMMANDS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  auditor: [
    ['audit', '--json'],
    ['audit', '--archive', ARCHIVE],
    ['audit', 'verify', ARCHIVE],
    ['sweep', '--audit', '--json'],
  ],
  pusher: [['audit', 'push', 'security-hub', '--json']],
  reader: [
    ['cost', '--json'],
    ['status', '--json'],
    ['sweep', '--json'],
    ['explain', 'prod/stuck', '--logs', '--json'],
    ['doctor', '--member', '--json'],
    ['doctor', '--json'],
  ],
};

/** Actions for a home with members; `cli-doctor.test.ts` has one. */
const OF_MEMBERS = ['events:ListEventBuses'];

/** Circumstances in which every action is needed. */
const PREPARED: Readonly<Record<string, (simulator: TestSimulator) => Promise<void>>> = {
  // An earlier audit, of which a file is gone.
  auditor: async ({ s3, requestHandler }) => {
    s3.buckets.create('example-audits');
    const credentials = { accessKeyId: 'earlier', secretAccessKey: 'simulated' };
    const client = new S3Client({
      region: 'eu-west-1',
      credentials,
      requestHandler: requestHandler('earlier'),
    });
    const store = s3ReportStore(client, { name: 'example-audits', prefix: 'rotation/' });
    const { files } = await archiveReport({ store, formats: ['csv'], previous: undefined }, aStream());
    s3.buckets.remove('example-audits', `rotation/${files[0]?.key}`);
  },
  pusher: async ({ secretsManager, clock, call }) => {
    const createdAt = later(clock.now(), -200 * 24 * HOUR);
    secretsManager.seed({ name: 'prod/old', kind: 'none', createdAt });
    const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/gone-AbCdEf';
    const gone = asffFinding(aSecretAudit({ secretArn }), aVerdict(), aProvenance());
    await call('securityhub', 'BatchImportFindings', { Findings: [gone] }, 'earlier');
  },
};

/** The run of a command by somebody who has the whole policy. */
interface Allowed {
  readonly command: readonly string[];
  readonly code: number;
  readonly err: string;
  /** The permissions that it needed, as one line each. */
  readonly used: readonly string[];
}

async function runAllowed(name: string): Promise<{ runs: readonly Allowed[]; refused: readonly string[] }> {
  const { simulator, as } = await world();
  await PREPARED[name]?.(simulator);
  const commands = COMMANDS[name] ?? [];
  const roleOf = (index: number): string => `${name}-${index}`;
  const enforcement = enforce(
    [simulator],
    commands.flatMap((_, index) => statementsFor(roleOf(index), policyOf(name))),
  );
  const ended: Omit<Allowed, 'used'>[] = [];
  for (const [index, command] of commands.entries())
    ended.push({ command, ...(await as(roleOf(index), command)) });
  const used = [...enforcement.used];
  const usedBy = (index: number) => used.filter((each) => each.startsWith(`${roleOf(index)} `));
  return {
    runs: ended.map((run, index) => ({ ...run, used: usedBy(index) })),
    refused: [...enforcement.refused],
  };
}

const allowed = new Map<string, ReturnType<typeof runAllowed>>();

/** The commands of a policy, each run once for all tests by somebody who has the whole of it. */
function allowedRuns(name: string): ReturnType<typeof runAllowed> {
  const runs = allowed.get(name) ?? runAllowed(name);
  allowed.set(name, runs);
  return runs;
}

const needs = ({ used }: Allowed, action: string): boolean =>
  used.some((each) => each.includes(`: ${action} on `));

test.each(Object.keys(COMMANDS))('%s needs every action of the policy and no other', async (name) => {
  const { runs, refused } = await allowedRuns(name);
  for (const { command, code, err } of runs)
    expect({ command, isRun: code === 0 || code === 1, err }).toMatchObject({ isRun: true });
  expect(refused).toEqual([]);
  const unused = actionsOf(policyOf(name)).filter((action) => !runs.some((run) => needs(run, action)));
  expect(unused.filter((action) => !OF_MEMBERS.includes(action))).toEqual([]);
});

test('an auditor finds a stored report that is gone, and is not told that reading it is denied', async () => {
  const { simulator, as } = await world();
  await PREPARED['auditor']?.(simulator);
  enforce([simulator], statementsFor('auditor', policyOf('auditor')));
  const { code, out } = await as('auditor', ['audit', 'verify', ARCHIVE]);
  expect({ code, out }).toMatchObject({ code: 1, out: expect.stringContaining('is missing') });
});

/** Lists of actions that the doctor's remedies name together, whichever of them is missing. */
const NAMED_TOGETHER = [...CHECKS, ...MEMBER_CHECKS].map(({ needs }) => needs);

/** Returns those of the actions of which no two are named together: to lack all of them says as much as to lack each. */
function apart(actions: readonly string[]): readonly string[] {
  const chosen: string[] = [];
  for (const action of actions) {
    const lists = NAMED_TOGETHER.filter((list) => list.includes(action));
    if (!lists.some((list) => chosen.some((each) => list.includes(each)))) chosen.push(action);
  }
  return chosen;
}

/** Whether a text names an action, and not merely a longer one. */
const names = (text: string, action: string): boolean => new RegExp(`${action}(?![A-Za-z])`).test(text);

test.each(Object.keys(COMMANDS))(
  'without any one action of a %s some command says which is missing',
  async (name) => {
    const { runs } = await allowedRuns(name);
    const { simulator, as } = await world();
    await PREPARED[name]?.(simulator);
    /** Answers which of these actions are named to a role that is refused all of them. */
    const namedWithout = async (role: string, actions: readonly string[]): Promise<readonly string[]> => {
      const { refused } = enforce([simulator], statementsFor(role, policyOf(name), actions));
      let said = '';
      // A command that needs no such action goes as it went with it.
      for (const { command } of runs.filter((run) => actions.some((action) => needs(run, action)))) {
        const { out, err } = await as(role, command);
        said += `${out}${err}`;
      }
      const isRefused = (action: string) => [...refused].some((each) => each.includes(`: ${action} on `));
      return actions.filter((action) => isRefused(action) && names(said, action));
    };
    let left = [...new Set(actionsOf(policyOf(name)))].filter((action) => !OF_MEMBERS.includes(action));
    for (let before = Number.POSITIVE_INFINITY; left.length > 0 && left.length < before; ) {
      before = left.length;
      // A command may end at the first refusal; what it has not tried is left for the next round.
      const named = await namedWithout(`without-${before}`, apart(left));
      left = left.filter((action) => !named.includes(action));
      // The next audit of a chain is a later one.
      await simulator.clock.advance(MINUTE);
    }
    expect(left).toEqual([]);
  },
);

/** Carries a repair out as a script does: stored, then applied. */
async function fixed(
  as: Awaited<ReturnType<typeof world>>['as'],
  role: string,
  name: string,
  hints: readonly string[] = [],
) {
  const folder = mkdtempSync(join(tmpdir(), 'plan-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'plan.json');
  const planned = await as(role, ['fix', name, ...hints, '--out', path]);
  const apply = ['--apply', path, '--yes', '--account', '111122223333'];
  const { code, out, err } = await as(role, ['fix', name, ...hints, ...apply]);
  return { code, said: `${planned.out}${planned.err}${out}${err}` };
}

const stagesOf = ({ secretsManager }: TestSimulator, name: string) =>
  secretsManager.history(name).at(-1)?.stages[STUCK];

/** Actions of the repairer for which the simulator has no case: aliases of functions, and of the account without a terminal. */
const UNTRIED = ['lambda:GetAlias', 'iam:ListAccountAliases', 'cloudtrail:LookupEvents'];

test('a repairer lets the function prove and finish, moves labels, and needs every action for it', async () => {
  const { simulator, as } = await world();
  const policy = policyOf('repairer');
  await breakFinish(simulator, 'prod/dead', 'rotate-dead');
  const enforcement = enforce([simulator], statementsFor('repairer', policy));
  expect(await fixed(as, 'repairer', 'prod/dead')).toMatchObject({ code: 0 });
  expect(stagesOf(simulator, 'prod/dead')).toContain('AWSCURRENT');
  expect(await fixed(as, 'repairer', 'prod/stuck', ['--current-works'])).toMatchObject({ code: 0 });
  expect((await as('repairer', ['fix', 'prod/stock'])).err).toContain('Did you mean prod/stuck');
  expect([...enforcement.refused]).toEqual([]);
  const used = [...enforcement.used].map((each) => each.replace(/^repairer /, ''));
  const needed = policy.statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ sid, actions }) => actions.map((action) => ({ sid, action })));
  const unused = needed.filter(
    ({ sid, action }) => !used.some((each) => each.startsWith(`${sid}: ${action} on `)),
  );
  expect(unused.filter(({ action }) => !UNTRIED.includes(action))).toEqual([]);
});

const REPAIRING = policyOf('repairer')
  .statements.filter(({ effect }) => effect === 'Allow')
  .flatMap(({ sid, actions }) => actions.map((action) => [sid, action] as const))
  .filter(([, action]) => !UNTRIED.includes(action));

test('without any one action of a repairer fix says which is missing, and promotes nothing unproven', async () => {
  const { simulator, as } = await world();
  await breakFinish(simulator, 'prod/dead', 'rotate-dead');
  enforce(
    [simulator],
    REPAIRING.flatMap(([sid, action], index) =>
      statementsFor(`without-${index}`, policyOf('repairer'), [action], sid),
    ),
  );
  const silent: string[] = [];
  for (const [index, [sid, action]] of REPAIRING.entries()) {
    const isListing = action === 'secretsmanager:ListSecrets';
    const { said } = await fixed(as, `without-${index}`, isListing ? 'prod/stock' : 'prod/dead');
    if (!said.includes(action)) silent.push(`${sid}: ${action}`);
    const current = stagesOf(simulator, 'prod/dead')?.includes('AWSCURRENT') === true;
    if (current) await breakAgain(simulator);
  }
  expect(silent).toEqual([]);
});

/** Moves the labels of the dead secret back to where a failed finish leaves them. */
async function breakAgain({ call, secretsManager }: TestSimulator): Promise<void> {
  const stages = secretsManager.history('prod/dead').at(-1)?.stages ?? {};
  const previous = Object.keys(stages).find((id) => stages[id]?.includes('AWSPREVIOUS'));
  const input = { SecretId: 'prod/dead', VersionStage: 'AWSCURRENT' };
  const move = { ...input, MoveToVersionId: previous, RemoveFromVersionId: STUCK };
  await call('secretsmanager', 'UpdateSecretVersionStage', move, 'deployer');
}

test('a repairer touches no other secrets and functions than the policy names', async () => {
  const { simulator, as } = await world();
  seedStuck(simulator, 'dev/stuck');
  await breakFinish(simulator, 'prod/foreign', 'deploy-things');
  enforce([simulator], statementsFor('repairer', policyOf('repairer')));
  const other = await fixed(as, 'repairer', 'dev/stuck', ['--current-works']);
  expect(other.said).toContain('secretsmanager:UpdateSecretVersionStage');
  expect(stagesOf(simulator, 'dev/stuck')).toEqual(['AWSPENDING']);
  expect((await fixed(as, 'repairer', 'prod/foreign')).said).toContain('lambda:InvokeFunction');
  expect(stagesOf(simulator, 'prod/foreign')).toEqual(['AWSPENDING']);
});

test('the tag of the owner can limit a repairer in place of names', async () => {
  const { simulator, as } = await world();
  seedStuck(simulator, 'dev/stuck');
  const condition = policyOf('responder').statements.find(({ sid }) => sid === 'Silence')?.conditions ?? {};
  const { StringEquals = {} } = condition;
  const statements = policyOf('repairer').statements.map((statement) =>
    statement.sid === 'MoveLabels'
      ? { ...statement, resources: ['secretsmanager:secret:*'], conditions: { StringEquals } }
      : statement,
  );
  enforce([simulator], statementsFor('repairer', { ...policyOf('repairer'), statements }));
  expect(await fixed(as, 'repairer', 'prod/stuck', ['--current-works'])).toMatchObject({ code: 0 });
  const other = await fixed(as, 'repairer', 'dev/stuck', ['--current-works']);
  expect(other.said).toContain('secretsmanager:UpdateSecretVersionStage');
  expect(stagesOf(simulator, 'dev/stuck')).toEqual(['AWSPENDING']);
});

test('every command that calls AWS is named by a policy', () => {
  const local = ['drill', 'simulate', 'dashboards', 'replay', 'completion', 'help'];
  const named = OPERATOR_POLICIES.flatMap(({ purpose }) =>
    [...purpose.matchAll(/`([a-z]+)/g)].map(([, command]) => command),
  );
  const commands = createProgram(aTerminal())
    .commands.map((command) => command.name())
    .filter((name) => !local.includes(name));
  expect(commands.filter((name) => !named.includes(name))).toEqual([]);
});

test('a responder acknowledges and silences with every action of the policy, and writes no other tag', async () => {
  const { simulator, as } = await world();
  const policy = policyOf('responder');
  const enforcement = enforce([simulator], statementsFor('responder', policy));
  const runs = [
    ['ack', 'prod/stuck', '--for', '4h'],
    ['silence', 'prod/stuck', '--until', '2026-11-20', '--reason', 'the vendor is closed'],
    ['silence', 'prod/stuck', '--end'],
    ['silence', '--list'],
    ['ack', '--list'],
    ['explain', 'prod/stuck'],
  ];
  for (const run of runs) expect(await as('responder', run)).toMatchObject({ err: '' });
  expect(
    [...enforcement.refused].filter((each) => !/GetPolicy|GetFunction|GetMetricData|LookupEvents/.test(each)),
  ).toEqual([]);
  expect(
    actionsOf(policy).filter(
      (action) => ![...enforcement.used].some((each) => each.includes(`: ${action} on `)),
    ),
  ).toEqual([]);
  const tagged = (SecretId: string, Key: string) =>
    simulator.call(
      'secretsmanager',
      'TagResource',
      { SecretId, Tags: [{ Key, Value: '2026-11-20' }] },
      'responder',
    );
  for (const key of ['team', 'rotation-monitor:owner'])
    await expect(tagged('prod/stuck', key)).rejects.toThrow('not authorized');
  seedStuck(simulator, 'prod/of-others', { 'rotation-monitor:owner': 'search' });
  await expect(tagged('prod/of-others', 'rotation-monitor:silence-until')).rejects.toThrow('not authorized');
});

test('an excepter asks, and another approves, with every action of the policy', async () => {
  const { simulator, as } = await world();
  const policy = policyOf('excepter');
  const enforcement = enforce(
    [simulator],
    [...statementsFor('excepter', policy), ...statementsFor('approver', policy)],
  );
  const about = ['except', 'prod/stuck', '--control', 'SecretsManager.1'];
  const terms = ['--until', '2026-11-20', '--reason', 'rotated by hand', '--json'];
  const asked = await as('excepter', [...about, ...terms]);
  const { id } = JSON.parse(asked.out).exceptions[0];
  expect(await as('approver', [...about, '--approve', id])).toMatchObject({ code: 0, err: '' });
  expect(await as('excepter', ['except', '--list'])).toMatchObject({ code: 0, err: '' });
  expect(
    (await as('excepter', ['except', 'prod/stock', '--control', 'SecretsManager.1', '--end'])).err,
  ).toContain('Did you mean prod/stuck,');
  expect([...enforcement.refused]).toEqual([]);
  expect(
    actionsOf(policy).filter(
      (action) => ![...enforcement.used].some((each) => each.includes(`: ${action} on `)),
    ),
  ).toEqual([]);
});

test('a responder may acknowledge and invoke nothing else', async () => {
  const { simulator, plan } = await world();
  const { refused } = enforce([simulator], statementsFor('responder', policyOf('responder')));
  const invoke = (handler: string) =>
    simulator.call(
      'lambda',
      'Invoke',
      { FunctionName: plan.functionOf(handler).name, Payload: '{}' },
      'responder',
    );
  expect(await invoke('acknowledge')).toMatchObject({ StatusCode: 200 });
  await expect(invoke('sweep')).rejects.toThrow('not authorized');
  expect(refused.size).toBe(1);
});

test('a pusher sends findings of the default product alone', async () => {
  const { simulator } = await world();
  enforce([simulator], statementsFor('pusher', policyOf('pusher')));
  const own = asffFinding(aSecretAudit(), aVerdict(), aProvenance());
  const push = (finding: object) =>
    simulator.call('securityhub', 'BatchImportFindings', { Findings: [finding] }, 'pusher');
  expect(await push(own)).toMatchObject({ SuccessCount: 1 });
  const ProductArn = 'arn:aws:securityhub:eu-west-1:111122223333:product/aws/guardduty';
  await expect(push({ ...own, ProductArn })).rejects.toThrow('not authorized');
});

test('no policy lets anybody read a value', async () => {
  const { simulator } = await world();
  enforce(
    [simulator],
    OPERATOR_POLICIES.flatMap((policy) => statementsFor(policy.name, policy)),
  );
  for (const { name } of OPERATOR_POLICIES)
    await expect(
      simulator.call('secretsmanager', 'GetSecretValue', { SecretId: 'prod/stuck' }, name),
    ).rejects.toThrow('not authorized');
});

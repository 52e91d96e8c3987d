import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { OPERATOR_POLICIES, type OperatorPolicy } from '../../infra/permissions/operator-policies.ts';
import { formatInstant, HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { asffFinding } from '../../src/monitor/domain/report-format/asff-finding.ts';
import { enforce } from '../../src/proving/player/enforce.ts';
import { deployMonitor, packedTemplate, planMonitor } from '../../src/proving/player/monitor.ts';
import type { RoleStatement } from '../../src/proving/player/statements.ts';
import { START } from '../support/deployed.ts';
import { CENTRAL } from '../support/organization.ts';
import { aProvenance, aSecretAudit, aVerdict } from '../support/reports.ts';
import { runCommand } from '../support/run-command.ts';
import { aSimulator, type TestSimulator } from '../support/simulated.ts';

const policyOf = (name: string): OperatorPolicy => {
  const found = OPERATOR_POLICIES.find((policy) => policy.name === name);
  if (found === undefined) throw new Error(`There is no policy "${name}"`);
  return found;
};

/** The statements of a policy as those of a role, without one of its actions. */
const statementsFor = (
  role: string,
  { statements }: OperatorPolicy,
  without = '',
): readonly RoleStatement[] =>
  statements.map(({ sid, effect, actions, resources, conditions = {} }) => ({
    role,
    sid,
    effect,
    actions: effect === 'Deny' ? actions : actions.filter((action) => action !== without),
    resources: resources.map((resource) =>
      resource === '*' ? resource : `arn:aws:${resource.replace(':', ':eu-west-1:111122223333:')}`,
    ),
    conditions,
  }));

const actionsOf = ({ statements }: OperatorPolicy): readonly string[] =>
  statements.filter(({ effect }) => effect === 'Allow').flatMap(({ actions }) => actions);

/** Nobody presses Ctrl-C. */
const interrupted = new Promise<void>(() => undefined);
const STUCK = '22222222-2222-4222-8222-222222222222';

/** A secret whose rotation has failed at testSecret although the target has the new password. */
function seedStuck({ secretsManager, clock }: TestSimulator, name: string): void {
  const { arn } = secretsManager.functions.register({
    name: 'rotate-db',
    behaviour: 'error',
    step: 'setSecret',
  });
  secretsManager.seed({
    name,
    kind: 'function',
    function: arn,
    schedule: 'rate(30 days)',
    lastRotatedAt: later(clock.now(), -10 * 24 * HOUR),
    versions: [
      { stages: ['AWSCURRENT'] },
      { id: STUCK, stages: ['AWSPENDING'], createdAt: later(clock.now(), -2 * HOUR) },
    ],
  });
}

/** A deployed monitor, and how somebody runs a command there. */
async function world() {
  const simulator = aSimulator(START);
  const plan = planMonitor(CENTRAL, { template: packedTemplate('home-full'), stackName: 'rotation-monitor' });
  await deployMonitor(simulator, plan);
  seedStuck(simulator, 'prod/stuck');
  await simulator.clock.advance(10 * MINUTE);
  const { endpoint, close } = await simulator.listen({ port: 0 });
  onTestFinished(close);
  const as = (role: string, [command = '', ...args]: readonly string[]) => {
    const environment = {
      ROTATION_MONITOR_EVENT_HISTORY: String(command !== 'explain' && command !== 'fix'),
    };
    const now = command === 'cost' ? [] : ['--now', formatInstant(simulator.clock.now())];
    const where = ['--endpoint-url', endpoint, '--region', 'eu-west-1', ...now];
    process.env['AWS_ACCESS_KEY_ID'] = role;
    return runCommand([command, ...args, ...where], { environment, interrupted });
  };
  return { simulator, plan, as };
}

/** The commands of each, those that name more of what they lack first. */
const COMMANDS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  auditor: [['sweep', '--audit', '--json']],
  pusher: [['audit', 'push', 'security-hub', '--json']],
  reader: [
    ['doctor', '--json'],
    ['sweep', '--json'],
    ['cost', '--json'],
    ['status', '--json'],
    ['explain', 'prod/stuck', '--logs', '--json'],
  ],
};

/** Circumstances in which every action is needed. */
const PREPARED: Readonly<Record<string, (simulator: TestSimulator) => Promise<void>>> = {
  pusher: async ({ secretsManager, clock, call }) => {
    const createdAt = later(clock.now(), -200 * 24 * HOUR);
    secretsManager.seed({ name: 'prod/old', kind: 'none', createdAt });
    const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/gone-AbCdEf';
    const gone = asffFinding(aSecretAudit({ secretArn }), aVerdict(), aProvenance());
    await call('securityhub', 'BatchImportFindings', { Findings: [gone] }, 'earlier');
  },
};

test.each(Object.keys(COMMANDS))('%s needs every action of the policy and no other', async (name) => {
  const { simulator, as } = await world();
  const policy = policyOf(name);
  await PREPARED[name]?.(simulator);
  const enforcement = enforce([simulator], statementsFor(name, policy));
  for (const command of COMMANDS[name] ?? []) {
    const { code, err } = await as(name, command);
    expect({ command, isRun: code === 0 || code === 1, err }).toMatchObject({ isRun: true });
  }
  expect([...enforcement.refused]).toEqual([]);
  const used = [...enforcement.used];
  expect(
    actionsOf(policy).filter((action) => !used.some((each) => each.includes(`: ${action} on `))),
  ).toEqual([]);
});

test('without any one action of a reader some command says which is missing', async () => {
  const { simulator, as } = await world();
  const policy = policyOf('reader');
  const actions = [...new Set(actionsOf(policy))];
  const roleOf = (action: string): string => `without-${actions.indexOf(action)}`;
  enforce(
    [simulator],
    actions.flatMap((action) => statementsFor(roleOf(action), policy, action)),
  );
  const isNamed = async (action: string): Promise<boolean> => {
    for (const command of COMMANDS['reader'] ?? []) {
      const { out, err } = await as(roleOf(action), command);
      if (`${out}${err}`.includes(action)) return true;
    }
    return false;
  };
  const silent: string[] = [];
  for (const action of actions) if (!(await isNamed(action))) silent.push(action);
  expect(silent).toEqual([]);
});

test('a repairer carries out a stored plan, and without the right to move labels is refused before anything changes', async () => {
  const { simulator, as } = await world();
  const policy = policyOf('repairer');
  const { refused } = enforce(
    [simulator],
    [
      ...statementsFor('repairer', policy),
      ...statementsFor('powerless', policy, 'secretsmanager:UpdateSecretVersionStage'),
    ],
  );
  const folder = mkdtempSync(join(tmpdir(), 'plan-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'plan.json');
  const fix = (role: string, ...more: readonly string[]) =>
    as(role, ['fix', 'prod/stuck', '--current-works', ...more]);
  const apply = ['--apply', path, '--yes', '--account', '111122223333'];
  await fix('powerless', '--out', path);
  const denied = await fix('powerless', ...apply);
  expect(denied.code).toBeGreaterThanOrEqual(2);
  expect(`${denied.out}${denied.err}`).toContain('secretsmanager:UpdateSecretVersionStage');
  expect(simulator.secretsManager.history('prod/stuck').at(-1)?.stages[STUCK]).toEqual(['AWSPENDING']);
  await fix('repairer', '--out', path);
  expect(await fix('repairer', ...apply)).toMatchObject({ code: 0 });
  expect([...refused].filter((each) => each.startsWith('repairer'))).toEqual([]);
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
  const tag = { SecretId: 'prod/stuck', Tags: [{ Key: 'team', Value: 'mine' }] };
  await expect(simulator.call('secretsmanager', 'TagResource', tag, 'responder')).rejects.toThrow(
    'not authorized',
  );
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

import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { aDeployment, type Deployed, failingNightlyAt, START } from '../support/deployed.ts';
import type { TestSimulator } from '../support/simulated.ts';

const SECRET = 'prod/orders';
/** Interval of sweeps: the findings come from events, and sweeps must not undo them. */
const OVER_HOURS = { sweepEveryMs: 15 * MINUTE };
const TOKENS = ['0f5b2c1e-1111-4111-8111-000000000001', 'terraform-20260122045848689200000001'] as const;

/** `prod/orders` without rotation, and a function that fails at testSecret. */
function unrotated({ secretsManager }: TestSimulator): void {
  secretsManager.functions.register({ name: 'rotate-orders', behaviour: 'error', step: 'testSecret' });
  secretsManager.seed({ name: SECRET, kind: 'none' });
}

async function stages({ simulator }: Deployed): Promise<Readonly<Record<string, readonly string[]>>> {
  const said = await simulator.call('secretsmanager', 'DescribeSecret', { SecretId: SECRET }, 'operator');
  return (said as { VersionIdsToStages: Record<string, string[]> }).VersionIdsToStages;
}

async function takePendingOff(deployed: Deployed): Promise<void> {
  const [pending] =
    Object.entries(await stages(deployed)).find(([, each]) => each.includes('AWSPENDING')) ?? [];
  await deployed.simulator.call(
    'secretsmanager',
    'UpdateSecretVersionStage',
    { SecretId: SECRET, VersionStage: 'AWSPENDING', RemoveFromVersionId: pending },
    'operator',
  );
}

test.each(TOKENS)('a version with the id %s stays critical once its label is taken off', async (token) => {
  const deployed = await aDeployment(unrotated, OVER_HOURS);
  const { simulator } = deployed;
  const { account, region } = simulator.home;
  await simulator.clock.advanceTo(later(START, 5 * MINUTE));
  await simulator.call(
    'secretsmanager',
    'RotateSecret',
    {
      SecretId: SECRET,
      ClientRequestToken: token,
      RotationLambdaARN: `arn:aws:lambda:${region}:${account}:function:rotate-orders`,
      RotationRules: { AutomaticallyAfterDays: 30 },
    },
    'deployment',
  );
  await simulator.clock.advanceTo(later(START, 50 * MINUTE));
  await takePendingOff(deployed);
  await simulator.clock.advanceTo(later(START, 30 * HOUR));
  const subjects = deployed.subjects().filter((subject) => subject.includes(SECRET));
  expect(subjects[0]).toBe(`[CRITICAL] ${SECRET}: rotation-failed`);
  expect(subjects.every((subject) => subject.startsWith('[CRITICAL]'))).toBe(true);
  expect(deployed.mails().at(-1)?.message).toContain(token);
});

test('retries that fail at setSecret do not hide that testSecret had been reached', async () => {
  let sets = 0;
  const deployed = await aDeployment((simulator) => {
    failingNightlyAt('testSecret')(simulator);
    simulator.secretsManager.functions.register({
      name: 'rotate-orders',
      behaviour: 'healthy',
      handler: async (request) => {
        const { Step, SecretId, ClientRequestToken, RotationToken } = request as Record<string, string>;
        if (Step === 'createSecret' && sets === 0) {
          const made = { SecretId, ClientRequestToken, RotationToken, VersionStages: ['AWSPENDING'] };
          const put = { ...made, SecretString: '{"password":"new"}' };
          await simulator.call('secretsmanager', 'PutSecretValue', put, 'rotate-orders');
        }
        if (Step === 'setSecret') sets += 1;
        if (Step === 'testSecret' || (Step === 'setSecret' && sets > 1))
          throw new Error('Unable to log into database');
      },
    });
  }, OVER_HOURS);
  await deployed.simulator.clock.advanceTo(later(START, 12 * HOUR));
  expect(sets).toBeGreaterThan(1);
  const severities = deployed.subjects().map((subject) => subject.split(' ')[0]);
  expect(new Set(severities)).toEqual(new Set(['[CRITICAL]']));
  expect(deployed.mails().at(-1)?.message).toContain(
    'last failed at setSecret after it had reached testSecret',
  );
});

test('sixty changes of a description do not make a dead credential good', async () => {
  const deployed = await aDeployment(failingNightlyAt('testSecret'), OVER_HOURS);
  const { simulator } = deployed;
  await simulator.clock.advanceTo(later(START, 5 * HOUR));
  for (let build = 0; build < 60; build++) {
    const ClientRequestToken = `22222222-2222-4222-8222-${String(build).padStart(12, '0')}`;
    const change = { SecretId: SECRET, Description: `build ${build}`, ClientRequestToken };
    await simulator.call('secretsmanager', 'UpdateSecret', change, 'pipeline');
    await simulator.clock.advance(MINUTE);
  }
  await takePendingOff(deployed);
  await simulator.clock.advance(HOUR);
  expect(deployed.subjects().every((subject) => subject.startsWith('[CRITICAL]'))).toBe(true);
});

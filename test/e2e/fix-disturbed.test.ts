import { describe, expect, test } from 'vitest';
import { MINUTE } from '../../src/calendar/instant.ts';
import type { ApplyingRepair, RepairReport } from '../../src/monitor/application/operate/apply-repair.ts';
import type { RepairPlan } from '../../src/monitor/domain/repair/repair-plan.ts';
import { currentLogsIn } from '../../src/proving/court/truth/ground-truth.ts';
import { AwsError } from '../../src/simulator/call/aws-error.ts';
import { START } from '../support/deployed.ts';
import { NAME, rotate, seed } from '../support/failure-mode-stage.ts';
import { aRepairer, type Repairer } from '../support/repairing.ts';
import { aSimulator, type TestSimulator } from '../support/simulated.ts';

/** The simulator, repairer and plan of a disturbance. */
interface Scene {
  readonly simulator: TestSimulator;
  readonly repairer: Repairer;
  readonly plan: RepairPlan;
}

/** Something that happens while a repair is carried out; `lift` ends it before the repair is taken up again. */
interface Disturbance {
  strike(scene: Scene): Promise<void>;
  lift?(scene: Scene): Promise<void>;
}

class Killed extends Error {}

let hasExpired = false;

const DISTURBANCES: Readonly<Record<string, Disturbance>> = {
  'AWSPENDING is taken off': {
    strike: ({ simulator, plan }) =>
      moved(simulator, { VersionStage: 'AWSPENDING', RemoveFromVersionId: plan.pending }),
    lift: ({ simulator, plan }) =>
      moved(simulator, { VersionStage: 'AWSPENDING', MoveToVersionId: plan.pending }),
  },
  'the process is killed': {
    strike: () => Promise.reject(new Killed()),
  },
  'the credentials expire': {
    strike: async () => {
      hasExpired = true;
    },
    lift: async () => {
      hasExpired = false;
    },
  },
  'another fix runs to its end': {
    strike: async ({ simulator, plan }) => {
      await aRepairer(simulator).apply(plan);
    },
  },
  'the service tries again': {
    strike: async ({ simulator, plan }) => {
      for (const Step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret']) {
        const Payload = JSON.stringify({ Step, SecretId: plan.secretArn, ClientRequestToken: plan.pending });
        await simulator.call('lambda', 'Invoke', { FunctionName: 'rotate', Payload }, 'service');
      }
    },
  },
  'the function gets other code': {
    strike: async ({ simulator }) => {
      const input = { FunctionName: 'rotate', ZipFile: 'AAAA' };
      await simulator.call('lambda', 'UpdateFunctionCode', input, 'deployer');
    },
  },
};

async function moved({ call }: TestSimulator, input: Readonly<Record<string, string>>): Promise<void> {
  const stages = { SecretId: NAME, ...input };
  await call('secretsmanager', 'UpdateSecretVersionStage', stages, 'somebody-else').catch(() => undefined);
}

/** A secret whose AWSCURRENT is dead, and the plan that repairs it. */
async function broken(isFinishBroken: boolean): Promise<Scene> {
  const simulator = aSimulator(START);
  seed(simulator, { behaviour: 'healthy', cause: 'code-broken', step: 'finishSecret' });
  await rotate(simulator);
  await simulator.clock.advance(25 * MINUTE);
  expect(truthOf(simulator)).toBe(false);
  if (!isFinishBroken) simulator.secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
  simulator.faults.before(({ role }) => {
    if (hasExpired && role === 'operator')
      throw new AwsError('ExpiredTokenException', 'It has expired.', 403);
  });
  const repairer = aRepairer(simulator);
  const { proposal } = await repairer.propose(NAME);
  if (proposal.kind !== 'plan') throw new Error(`It is not planned: ${JSON.stringify(proposal)}`);
  return { simulator, repairer, plan: proposal.plan };
}

const truthOf = ({ secretsManager }: TestSimulator): boolean | undefined => {
  const last = secretsManager.history(NAME).at(-1);
  return last && currentLogsIn(last);
};

/** Returns the version in use, as the service knows it. */
const currentOf = ({ secretsManager }: TestSimulator): string | undefined => {
  const stages = secretsManager.history(NAME).at(-1)?.stages ?? {};
  return Object.keys(stages).find((id) => stages[id]?.includes('AWSCURRENT'));
};

/** Strikes once, at the so-manieth time that a call is about to be sent or was answered. */
function striking(scene: Scene, { strike }: Disturbance, at: number): Partial<ApplyingRepair> {
  let times = 0;
  return {
    onCall: async () => {
      if (times++ === at) await strike(scene);
    },
  };
}

async function attempted(scene: Scene, given: Partial<ApplyingRepair>): Promise<RepairReport | undefined> {
  try {
    return await scene.repairer.apply(scene.plan, given);
  } catch (error) {
    if (error instanceof Killed) return undefined;
    throw error;
  }
}

describe.each([
  ['where the function finishes', false, 4],
  ['where the label has to be moved', true, 6],
])('%s', (_what, isFinishBroken, moments) => {
  const cases = Object.keys(DISTURBANCES).flatMap((name) =>
    Array.from({ length: moments }, (_, at) => [name, at] as const),
  );
  test.each(cases)(
    '%s at moment %i: nothing is promoted that the target refuses, and fix goes on',
    async (name, at) => {
      const disturbance = DISTURBANCES[name];
      if (disturbance === undefined) throw new Error(`There is no disturbance "${name}"`);
      const scene = await broken(isFinishBroken);
      const { simulator, repairer, plan } = scene;
      const report = await attempted(scene, striking(scene, disturbance, at));
      if (currentOf(simulator) === plan.pending) expect(truthOf(simulator)).toBe(true);
      if (report?.outcome === 'repaired') expect(currentOf(simulator)).toBe(plan.pending);
      if (report?.outcome === 'stopped') expect(report.because).not.toBe('');

      await disturbance.lift?.(scene);
      const { proposal } = await repairer.propose(NAME);
      if (proposal.kind === 'plan')
        expect(await repairer.apply(proposal.plan)).toMatchObject({ outcome: 'repaired' });
      expect(currentOf(simulator)).toBe(plan.pending);
      expect(truthOf(simulator)).toBe(true);
    },
  );
});

test('an interruption between two calls ends the repair, and the report says what was sent', async () => {
  const scene = await broken(false);
  let isInterrupted = false;
  const report = await scene.repairer.apply(scene.plan, {
    isInterrupted: () => isInterrupted,
    onCall: async () => {
      isInterrupted = true;
    },
  });
  expect(report).toMatchObject({
    outcome: 'stopped',
    because: 'It was interrupted.',
    sent: [{ call: { kind: 'prove' }, state: 'done' }],
  });
  expect(truthOf(scene.simulator)).toBe(false);
});

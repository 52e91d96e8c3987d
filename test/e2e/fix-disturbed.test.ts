import { describe, expect, test } from 'vitest';
import { MINUTE } from '../../src/calendar/instant.ts';
import type { RepairPlan } from '../../src/monitor/domain/repair/repair-plan.ts';
import { currentLogsIn } from '../../src/proving/court/truth/ground-truth.ts';
import { AwsError } from '../../src/simulator/call/aws-error.ts';
import { CallTimeout } from '../../src/simulator/call/faults.ts';
import type { StageChange } from '../../src/simulator/secrets-manager/store/secret-history.ts';
import { START } from '../support/deployed.ts';
import { call, NAME, type Rotator, rotate, seed } from '../support/failure-mode-stage.ts';
import { aRepairer, type Repairer } from '../support/repairing.ts';
import { aSimulator, type TestSimulator } from '../support/simulated.ts';

/** A broken secret, and the plan that repairs it. */
interface Scene {
  readonly simulator: TestSimulator;
  readonly repairer: Repairer;
  readonly plan: RepairPlan;
}

const lastOf = ({ secretsManager }: TestSimulator): StageChange | undefined =>
  secretsManager.history(NAME).at(-1);

const holderIn = ({ stages }: Pick<StageChange, 'stages'>, label: string): string | undefined =>
  Object.keys(stages).find((id) => stages[id]?.includes(label));

/** A secret whose rotation has failed for a cause for so long that it has been given up. */
async function failed(rotator: Partial<Rotator>): Promise<TestSimulator> {
  const simulator = aSimulator(START, 1, { skipsWireFormats: true });
  seed(simulator, { behaviour: 'healthy', ...rotator });
  await rotate(simulator);
  await simulator.clock.advance(25 * MINUTE);
  return simulator;
}

/** Plans by what they repair: accounts in which the same has happened are alike, to the ids of their versions. */
const plans = new Map<string, RepairPlan>();

async function planned(what: string, simulator: TestSimulator): Promise<Scene> {
  const repairer = aRepairer(simulator);
  const plan = plans.get(what) ?? (await proposed(repairer));
  plans.set(what, plan);
  return { simulator, repairer, plan };
}

async function proposed(repairer: Repairer): Promise<RepairPlan> {
  const { proposal } = await repairer.propose(NAME);
  if (proposal.kind !== 'plan') throw new Error(`It is not planned: ${JSON.stringify(proposal)}`);
  return proposal.plan;
}

const healed = (simulator: TestSimulator): TestSimulator => {
  simulator.secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
  return simulator;
};

/** A version that the target knows alone, and a function that can finish again. */
const finishable = async (): Promise<Scene> =>
  planned('finishable', healed(await failed({ cause: 'code-broken', step: 'finishSecret' })));

/** A version that lost AWSPENDING while the target has its password, which only a monitor would remember. */
async function abandoned(): Promise<Scene> {
  const scene = await finishable();
  const { pending, calls } = scene.plan;
  const label = 'rotation-rescue';
  await call(scene.simulator, 'UpdateSecretVersionStage', { VersionStage: label, MoveToVersionId: pending });
  await call(scene.simulator, 'UpdateSecretVersionStage', {
    VersionStage: 'AWSPENDING',
    RemoveFromVersionId: pending,
  });
  const restore = { kind: 'restore', label: 'AWSPENDING', to: pending } as const;
  return { ...scene, plan: { ...scene.plan, calls: [restore, ...calls] } };
}

const SCENES: Readonly<Record<string, () => Promise<Scene>>> = {
  'a finish by the function': finishable,
  'a move of AWSCURRENT': async () =>
    planned('movable', await failed({ cause: 'code-broken', step: 'finishSecret' })),
  'a version that is given up': async () => planned('givable', await failed({ cause: 'key-denied' })),
  'a version that lost its label': abandoned,
};

/** Something that happens at one call of a repair. */
interface Disturbance {
  /** Before the call is carried out; what it throws is the answer. */
  before?(scene: Scene): Promise<void>;
  /** After the call was carried out; what it throws arrives in place of the answer. */
  after?(scene: Scene): Promise<void>;
  /** Whether it hits all later calls of the repair too, as a process that is dead. */
  readonly lasts?: true;
  /** Undoes it before the repair is taken up again. */
  lift?(scene: Scene): Promise<unknown>;
}

/** The version of a value that somebody stores by hand. */
const FOREIGN = '0d0d0d0d-0000-4000-8000-000000000009';

const fail = (error: Error) => (): Promise<never> => Promise.reject(error);
const silence = fail(new CallTimeout('There is no answer'));
const moved = ({ simulator }: Scene, input: Readonly<Record<string, string | undefined>>): Promise<unknown> =>
  call(simulator, 'UpdateSecretVersionStage', input).catch(() => undefined);

const DISTURBANCES: Readonly<Record<string, Disturbance>> = {
  'the process is killed before it': { before: silence, lasts: true },
  'the process is killed after it': { after: silence, lasts: true },
  'its answer is lost': { after: silence },
  'it is throttled': { before: fail(new AwsError('ThrottlingException', 'Rate exceeded')) },
  'the credentials expire': {
    before: fail(new AwsError('ExpiredTokenException', 'The security token has expired', 403)),
    lasts: true,
  },
  'AWSPENDING is taken off': {
    before: async (scene) =>
      void (await moved(scene, { VersionStage: 'AWSPENDING', RemoveFromVersionId: scene.plan.pending })),
    lift: (scene) => moved(scene, { VersionStage: 'AWSPENDING', MoveToVersionId: scene.plan.pending }),
  },
  'somebody stores a value': {
    before: async ({ simulator }) =>
      void (await call(simulator, 'PutSecretValue', {
        ClientRequestToken: FOREIGN,
        SecretString: '{"username":"app","password":"made-up"}',
      })),
    lift: async (scene) => {
      const now = lastOf(scene.simulator) ?? { stages: {} };
      const [from, to] = [holderIn(now, 'AWSCURRENT'), holderIn(now, 'AWSPREVIOUS')];
      if (from !== FOREIGN) return;
      await moved(scene, { VersionStage: 'AWSCURRENT', MoveToVersionId: to, RemoveFromVersionId: from });
      // Secrets Manager gives a rotation up when somebody stores a value.
      if (to === scene.plan.current)
        await moved(scene, { VersionStage: 'AWSPENDING', MoveToVersionId: scene.plan.pending });
    },
  },
  'another fix runs to its end': {
    before: async ({ simulator, plan }) => void (await aRepairer(simulator, 'second').apply(plan)),
  },
  'the service tries again': {
    before: async ({ simulator, plan }) => {
      for (const Step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret']) {
        const Payload = JSON.stringify({ Step, SecretId: plan.secretArn, ClientRequestToken: plan.pending });
        const answer = await simulator.call(
          'lambda',
          'Invoke',
          { FunctionName: 'rotate', Payload },
          'service',
        );
        if (JSON.stringify(answer).includes('FunctionError')) return;
      }
    },
  },
  'the function gets other code': {
    before: async ({ simulator }) => {
      const input = { FunctionName: 'rotate', ZipFile: 'AAAA' };
      await simulator.call('lambda', 'UpdateFunctionCode', input, 'deployer');
    },
  },
};

/** Lets a disturbance strike at the n-th call of the repairer; answers how many calls there were. */
function disturbing(scene: Scene, { before, after, lasts }: Disturbance, at: number): () => number {
  const { faults } = scene.simulator;
  let calls = 0;
  const isHit = (): boolean => (lasts ? calls >= at : calls === at);
  const ends = [
    faults.before(async ({ role }) => {
      if (role !== 'operator') return;
      calls += 1;
      // A dead process sends nothing, so what follows is not carried out.
      if (isHit() && (before !== undefined || calls > at)) await (before ?? after)?.(scene);
    }),
    faults.after(async ({ role }) => {
      if (role === 'operator' && isHit()) await after?.(scene);
    }),
  ];
  return () => {
    for (const end of ends) end();
    return calls;
  };
}

/** Whether the version was AWSCURRENT at a time when the target did not take its password. */
const wasWrong = ({ simulator, plan }: Scene): boolean =>
  simulator.secretsManager
    .history(NAME)
    .some((change) => holderIn(change, 'AWSCURRENT') === plan.pending && currentLogsIn(change) !== true);

/** Goes on as the same command does: by a new plan while something is pending, else by what the monitor remembers. */
async function takeUp({ simulator, repairer, plan }: Scene): Promise<void> {
  const { proposal } = await repairer.propose(NAME);
  if (proposal.kind === 'plan') {
    expect(await repairer.apply(proposal.plan)).toMatchObject({ outcome: 'repaired' });
    return;
  }
  expect(proposal).toEqual({ kind: 'nothing' });
  const isLeft = plan.calls[0]?.kind === 'restore' && lastOf(simulator)?.stages[plan.pending]?.length === 1;
  if (isLeft) expect(await repairer.apply(plan)).toMatchObject({ outcome: 'repaired' });
}

/** Disturbs one call, judges, lifts the disturbance and takes the repair up again; answers how many calls there were. */
async function endured(scene: Scene, disturbance: Disturbance, at: number): Promise<number> {
  const { simulator, plan } = scene;
  const over = disturbing(scene, disturbance, at);
  const report = await scene.repairer.apply(plan);
  const calls = over();
  expect(wasWrong(scene)).toBe(false);
  if (report.outcome === 'stopped') expect(report.because).toMatch(/\w/);
  await disturbance.lift?.(scene);
  await takeUp(scene);
  const last = lastOf(simulator);
  expect(wasWrong(scene)).toBe(false);
  expect(last && currentLogsIn(last)).toBe(true);
  const pending = last && holderIn(last, 'AWSPENDING');
  expect(pending === undefined || pending === (last && holderIn(last, 'AWSCURRENT'))).toBe(true);
  return calls;
}

describe.each(Object.entries(SCENES))('%s', (_what, begin) => {
  test.each(Object.entries(DISTURBANCES))(
    'at any call %s: nothing is promoted that the target refuses, and fix goes on',
    async (_name, disturbance) => {
      let calls = 1;
      for (let at = 1; at <= calls; at++)
        calls = Math.max(calls, await endured(await begin(), disturbance, at));
      expect(calls).toBeGreaterThan(5);
    },
  );
});

test('an interruption between two calls ends the repair, and the report says what was sent', async () => {
  const scene = await finishable();
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
  const last = lastOf(scene.simulator);
  expect(last && currentLogsIn(last)).toBe(false);
});

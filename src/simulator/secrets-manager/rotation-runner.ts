import { SECOND } from '../../domain/instant.ts';
import type { Random } from '../random.ts';
import { isObject } from './read-input.ts';
import type { RotationFunction, RotationFunctions } from './rotation-function.ts';
import { type CallAs, type StepContext, StepFailure, type StepRequest } from './rotation-step.ts';
import type { RotationTimings, Stretch } from './rotation-timings.ts';
import type { SecretStore } from './secret-store.ts';
import type { TargetDatabases } from './target-database.ts';
import { changeTarget, createValue, finishRotation, testValue } from './template-steps.ts';
import { CURRENT, PENDING, type RotationStep } from './version-stages.ts';

interface Dependencies {
  readonly functions: RotationFunctions;
  readonly databases: TargetDatabases;
  readonly store: SecretStore;
  readonly random: Random;
  readonly timings: RotationTimings;
  readonly callAs: CallAs;
}

const STEPS: Readonly<Record<RotationStep, (context: StepContext) => Promise<void>>> = {
  createSecret: createValue,
  setSecret: changeTarget,
  testSecret: testValue,
  finishSecret: finishRotation,
};

/** Runs single steps of rotation functions, for the service and for operators who invoke by hand. */
export class RotationRunner {
  readonly #dependencies: Dependencies;
  readonly #flakes = new Map<string, number>();

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /** How long a step takes before it answers or fails, in milliseconds. */
  durationMs(functionArn: string, step: RotationStep): number {
    const { functions, random, timings } = this.#dependencies;
    const rotator = functions.invocable(functionArn);
    if (rotator === undefined) return SECOND;
    if (rotator.behaviour === 'hang' && failingStep(rotator) === step) return timings.hangMs;
    return drawn(random, rotator.behaviour === 'slow' ? timings.slowStepMs : timings.stepMs);
  }

  /** Runs one step at once. Fails with a StepFailure, or with whatever a call of the function fails with. */
  async run(functionArn: string, request: StepRequest): Promise<void> {
    const { functions, store, databases, random, callAs } = this.#dependencies;
    const rotator = functions.invocable(functionArn);
    if (rotator === undefined) throw new StepFailure(`Function not found: ${functionArn}`);
    if (rotator.handler !== undefined) {
      await rotator.handler(request);
      return;
    }
    const secret = store.find(request.SecretId);
    if (secret === undefined) throw new StepFailure("Secrets Manager can't find the specified secret.");
    const database = databases.behind(secret.arn, secret.state);
    if (await isDone({ callAs, random, database, rotator, secret, request })) return;
    await this.#misbehave({ callAs, random, database, rotator, secret, request });
    await STEPS[request.Step]({ callAs, random, database, rotator, secret, request });
  }

  async #misbehave(context: StepContext): Promise<void> {
    const { rotator, request } = context;
    if (failingStep(rotator) !== request.Step || !this.#fails(rotator, request.ClientRequestToken)) return;
    if (rotator.behaviour === 'hang') throw new StepFailure('Task timed out after 900.00 seconds');
    if (request.Step === 'setSecret' && rotator.changesTargetFirst) await changeTarget(context);
    throw new StepFailure(`${request.Step}: simulated failure of ${rotator.name}`);
  }

  #fails(rotator: RotationFunction, token: string): boolean {
    if (rotator.behaviour !== 'flaky') return rotator.behaviour === 'error' || rotator.behaviour === 'hang';
    const key = `${rotator.arn} ${token}`;
    const failures = this.#flakes.get(key) ?? 0;
    this.#flakes.set(key, failures + 1);
    return failures < (rotator.times ?? 1);
  }
}

/** A duration out of a stretch. */
export const drawn = (random: Random, { least, most }: Stretch): number =>
  least + random.below(most - least + 1);

const failingStep = ({ step }: RotationFunction): RotationStep => step ?? 'setSecret';

/** The guard of the official templates: true when the version is AWSCURRENT already. */
async function isDone({ callAs, rotator, request }: StepContext): Promise<boolean> {
  const described = await callAs(rotator.name, 'DescribeSecret', { SecretId: request.SecretId });
  const { ARN: arn, RotationEnabled, VersionIdsToStages } = isObject(described) ? described : {};
  if (RotationEnabled !== true) throw new StepFailure(`Secret ${arn} is not enabled for rotation`);
  const token = request.ClientRequestToken;
  const stages: unknown = isObject(VersionIdsToStages) ? VersionIdsToStages[token] : undefined;
  if (!Array.isArray(stages)) {
    throw new StepFailure(`Secret version ${token} has no stage for rotation of secret ${arn}.`);
  }
  if (stages.includes(CURRENT)) return true;
  if (stages.includes(PENDING)) return false;
  throw new StepFailure(`Secret version ${token} not set as AWSPENDING for rotation of secret ${arn}.`);
}

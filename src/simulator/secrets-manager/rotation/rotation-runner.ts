import { SECOND } from '../../../calendar/instant.ts';
import type { Random } from '../../call/random.ts';
import type { FunctionLog, FunctionLogs } from '../../lambda/function-logs.ts';
import type { Invocation } from '../../lambda/invocation-metrics.ts';
import { cannotInvokeFunction } from '../store/errors.ts';
import { isObject } from '../store/read-input.ts';
import type { SecretStore } from '../store/secret-store.ts';
import type { TargetDatabases } from '../store/target-database.ts';
import { CURRENT, PENDING, type RotationStep } from '../store/version-stages.ts';
import { beginOf, type FailureCauses, type Scene } from './failure-causes.ts';
import type { Obstacle, RotationFunction, RotationFunctions } from './rotation-function.ts';
import { type CallAs, type StepContext, StepFailure, type StepRequest } from './rotation-step.ts';
import type { RotationTimings, Stretch } from './rotation-timings.ts';
import { changeTarget, createValue, finishRotation, testValue } from './template-steps.ts';

interface Dependencies {
  readonly functions: RotationFunctions;
  readonly databases: TargetDatabases;
  readonly store: SecretStore;
  readonly random: Random;
  readonly timings: RotationTimings;
  readonly callAs: CallAs;
  /** Called with every invocation. */
  readonly onInvocation: (invocation: Invocation) => void;
  readonly logs: FunctionLogs;
  readonly causes: FailureCauses;
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

  /** Returns the time until a step answers or fails, in milliseconds. */
  durationMs(functionArn: string, step: RotationStep, secretArn: string): number {
    const { functions, random, timings, causes } = this.#dependencies;
    const rotator = functions.invocable(functionArn);
    if (rotator === undefined) return SECOND;
    const scene = this.#sceneOf(rotator, secretArn);
    if (scene !== undefined) causes.meet(scene, { Step: step });
    const isWaiting = rotator.cause === 'time-out' && causes.isActive(rotator, secretArn);
    if ((rotator.behaviour === 'hang' || isWaiting) && beginOf(rotator) === step) {
      return Math.min(timings.hangMs, functions.timeoutMs(functionArn));
    }
    return drawn(random, rotator.behaviour === 'slow' ? timings.slowStepMs : timings.stepMs);
  }

  /** Runs one step for the service, which needs a permission to invoke; fails as {@link run} does. */
  async runForService(functionArn: string, request: StepRequest, durationMs: number): Promise<void> {
    const { functions, onInvocation, causes } = this.#dependencies;
    const rotator = functions.find(functionArn);
    const scene = rotator && this.#sceneOf(rotator, request.SecretId);
    if (scene !== undefined) causes.meet(scene, request);
    const obstacle = functions.obstacle(functionArn, request.SecretId);
    if (obstacle === 'throttled') {
      onInvocation({ functionName: nameOf(functionArn), outcome: obstacle, durationMs: 0 });
    }
    try {
      if (obstacle !== undefined) throw new StepFailure(OBSTACLES[obstacle](functionArn));
      await this.run(functionArn, request, durationMs);
    } catch (error) {
      if (rotator !== undefined) causes.failed(rotator, request);
      throw error;
    }
  }

  /** Runs one step at once. Fails with a StepFailure, or with whatever a call of the function fails with. */
  async run(functionArn: string, request: StepRequest, durationMs: number = SECOND): Promise<void> {
    const { functions, onInvocation, logs } = this.#dependencies;
    const rotator = functions.exists(functionArn) ? functions.find(functionArn) : undefined;
    if (rotator === undefined) throw new StepFailure(OBSTACLES.gone(functionArn));
    const ended = (outcome: Invocation['outcome']): void =>
      onInvocation({ functionName: rotator.name, outcome, durationMs });
    const log = logs.begin(rotator.name, durationMs);
    try {
      await this.#perform(rotator, request, log);
      log.end();
      ended('succeeded');
    } catch (error) {
      log.end(error instanceof Error ? error : new Error(String(error)));
      ended('failed');
      throw error;
    }
  }

  async #perform(rotator: RotationFunction, request: StepRequest, log: FunctionLog): Promise<void> {
    const { random, callAs, causes } = this.#dependencies;
    if (rotator.handler !== undefined) {
      await rotator.handler(request);
      return;
    }
    const scene = this.#sceneOf(rotator, request.SecretId);
    if (scene === undefined) throw new StepFailure("Secrets Manager can't find the specified secret.");
    causes.meet(scene, request);
    const isMistaken = rotator.cause === 'login-refused' && causes.isActive(rotator, scene.secret.arn);
    const context = { ...scene, callAs, random, request, log, isMistaken };
    if (await isDone(context)) return;
    await this.#misbehave(context);
    await STEPS[request.Step](context);
  }

  async #misbehave(context: StepContext): Promise<void> {
    const { rotator, request } = context;
    this.#dependencies.causes.strike(context, request);
    if (beginOf(rotator) !== request.Step || !this.#fails(rotator, request.ClientRequestToken)) return;
    if (rotator.behaviour === 'hang') {
      const seconds = this.#dependencies.functions.timeoutMs(rotator.arn) / SECOND;
      throw new StepFailure(`Task timed out after ${seconds.toFixed(2)} seconds`);
    }
    if (request.Step === 'setSecret' && rotator.changesTargetFirst) await changeTarget(context);
    context.log.error(`${request.Step}: simulated failure for secret ARN ${context.secret.arn}`);
    throw new StepFailure(`${request.Step}: simulated failure of ${rotator.name}`);
  }

  #sceneOf(rotator: RotationFunction, secretId: string): Scene | undefined {
    const { store, databases } = this.#dependencies;
    const secret = store.find(secretId);
    return secret && { rotator, secret, database: databases.behind(secret.arn, secret.state) };
  }

  #fails(rotator: RotationFunction, token: string): boolean {
    if (rotator.cause !== undefined) return false;
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

/** Lambda's message about an obstacle, or the service's where it may not invoke. */
const OBSTACLES: Readonly<Record<Obstacle, (functionArn: string) => string>> = {
  gone: (functionArn) => `Function not found: ${functionArn}`,
  'not-permitted': () => cannotInvokeFunction().message,
  throttled: () => 'Rate Exceeded.',
};

const nameOf = (functionArn: string): string => functionArn.split(':')[6] ?? functionArn;

/** The guard of the official templates: true when the version is AWSCURRENT already. */
async function isDone({ callAs, rotator, request, log }: StepContext): Promise<boolean> {
  const described = await callAs(rotator.name, 'DescribeSecret', { SecretId: request.SecretId });
  const { ARN: arn, RotationEnabled, VersionIdsToStages } = isObject(described) ? described : {};
  if (RotationEnabled !== true) throw new StepFailure(`Secret ${arn} is not enabled for rotation`);
  const token = request.ClientRequestToken;
  const stages: unknown = isObject(VersionIdsToStages) ? VersionIdsToStages[token] : undefined;
  if (!Array.isArray(stages)) {
    throw new StepFailure(`Secret version ${token} has no stage for rotation of secret ${arn}.`);
  }
  if (stages.includes(CURRENT)) {
    log.info(`Secret version ${token} already set as AWSCURRENT for secret ${arn}.`);
    return true;
  }
  if (stages.includes(PENDING)) return false;
  throw new StepFailure(`Secret version ${token} not set as AWSPENDING for rotation of secret ${arn}.`);
}

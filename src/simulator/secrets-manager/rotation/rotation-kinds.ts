import { type Instant, later } from '../../../calendar/instant.ts';
import type { Secret } from '../store/secret.ts';
import {
  CURRENT,
  holderOf,
  PENDING,
  type RotationStep,
  stageVersion,
  withVersion,
} from '../store/version-stages.ts';
import {
  type AttemptFailure,
  finished,
  isCurrent,
  type RotationParts,
  RotationRun,
  stepAfter,
  stepFailed,
} from './rotation-run.ts';
import { drawn } from './rotation-runner.ts';
import { nextValue } from './template-steps.ts';

/** A rotation that is tried again within its window until it succeeds. */
abstract class RetriedRotation extends RotationRun {
  readonly #deadline: Instant;
  #failures = 0;

  constructor(
    parts: RotationParts,
    secret: Secret,
    plan: { token: string; deadline: Instant; ended: () => void },
  ) {
    super(parts, secret, plan.token, plan.ended);
    this.#deadline = plan.deadline;
  }

  override begin(): void {
    const refusal = this.open({});
    this.tell('RotationStarted');
    this.#go(refusal);
  }

  #go(refusal: AttemptFailure | undefined): void {
    if (refusal === undefined) this.attempt();
    else this.fail(refusal);
  }

  /** Begins an attempt; each makes the whole rotation again. */
  protected abstract attempt(): void;

  protected succeed(): void {
    finished(this.parts, this.secret, this.now);
    this.tell('RotationSucceeded');
    this.stop();
  }

  protected fail(failure: AttemptFailure): void {
    this.tell('RotationFailed', failure);
    const pauseMs = this.parts.timings.retryMs[this.#failures++];
    if (pauseMs === undefined || later(this.now, pauseMs) > this.#deadline) {
      this.stop();
      return;
    }
    this.after(pauseMs, () => this.#retry());
  }

  #retry(): void {
    const isStaged = holderOf(this.secret.state.versions, PENDING)?.id === this.token;
    if (this.isRefused) this.#go(this.open({}));
    else if (isStaged || isCurrent(this.secret, this.token)) this.attempt();
    else this.stop();
  }
}

/** A rotation by the secret's rotation function. */
export class FunctionRotation extends RetriedRotation {
  protected override attempt(): void {
    this.#step('createSecret');
  }

  #step(step: RotationStep): void {
    const functionArn = this.secret.state.rotation?.functionArn ?? '';
    const durationMs = this.parts.runner.durationMs(functionArn, step, this.secret.arn);
    this.after(durationMs, async () => {
      const thrown = await this.invoke(functionArn, step, durationMs);
      if (this.isStopped) return;
      const refusal = thrown === undefined ? this.#refusal(functionArn, step) : undefined;
      if (refusal !== undefined) this.noteFailure(refusal.errorMessage ?? '', step);
      const failure = thrown ?? refusal;
      const next = stepAfter(step);
      if (failure !== undefined) this.fail(failure);
      else if (next === undefined) this.succeed();
      else this.#step(next);
    });
  }

  /**
   * Returns the service's own objection after a step: a pending value neither from the function nor with the rotation's
   * token, or an AWSCURRENT that was not moved.
   */
  #refusal(functionArn: string, step: RotationStep): AttemptFailure | undefined {
    if (step === 'finishSecret' && !isCurrent(this.secret, this.token)) return stepFailed(functionArn, step);
    const filledBy = this.pendingVersion()?.filledBy;
    const isFromFunction = filledBy === undefined || filledBy === functionArn.split(':')[6];
    if (step !== 'createSecret' || isFromFunction || this.pendingVersion()?.vouched) return undefined;
    const text = `Pending secret version ${this.token} for Secret ${this.secret.arn} was not created by Lambda ${functionArn}. Remove the AWSPENDING staging label and restart rotation`;
    return { errorMessage: text };
  }
}

/** A rotation by the service that owns the secret: one act, and no reason when it fails. */
export class ManagedRotation extends RetriedRotation {
  protected override attempt(): void {
    const { core, timings, settings } = this.parts;
    this.after(drawn(core.random, timings.managedMs), () => {
      if (settings.of(this.secret.arn).managedFails) this.#refuse();
      else this.#rotate();
    });
  }

  #refuse(): void {
    this.noteFailure('The owning service cannot rotate the secret.');
    this.fail({ errorMessage: undefined });
  }

  #rotate(): void {
    const { core, databases } = this.parts;
    const { versions } = this.secret.state;
    const pending = this.pendingVersion();
    const current = holderOf(versions, CURRENT)?.value ?? { field: 'SecretString' as const, text: '{}' };
    const value = pending?.value ?? nextValue(current, core.random.letters(32), false);
    if (pending !== undefined) {
      databases.behind(this.secret.arn, this.secret.state).setPassword(value);
      this.commit(stageVersion(withVersion(versions, { ...pending, value }), this.token, [CURRENT]));
    }
    this.succeed();
  }
}

/** The test that `RotateImmediately=false` makes: a transient pending version and the step testSecret. */
export class RotationTest extends RotationRun {
  override begin(): void {
    const value = holderOf(this.secret.state.versions, CURRENT)?.value;
    const refusal = this.open({ value });
    this.tell('TestRotationStarted');
    if (refusal !== undefined) {
      this.tell('TestRotationFailed', refusal);
      this.stop();
      return;
    }
    const functionArn = this.secret.state.rotation?.functionArn ?? '';
    const durationMs = this.parts.runner.durationMs(functionArn, 'testSecret', this.secret.arn);
    this.after(durationMs, async () => {
      const failure = await this.invoke(functionArn, 'testSecret', durationMs);
      if (this.isStopped) return;
      this.commit(this.secret.state.versions.filter(({ id }) => id !== this.token));
      this.tell(failure === undefined ? 'TestRotationSucceeded' : 'TestRotationFailed', failure);
      this.stop();
    });
  }
}

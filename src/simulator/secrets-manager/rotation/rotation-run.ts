import { type Instant, later } from '../../../calendar/instant.ts';
import { AwsError } from '../../call/aws-error.ts';
import type { Agenda } from '../../time/agenda.ts';
import { rotationEvent, type ServiceEventName } from '../events/bus-events.ts';
import type { Core } from '../store/core.ts';
import type { Secret } from '../store/secret.ts';
import type { SecretHistory } from '../store/secret-history.ts';
import type { SecretSettings } from '../store/secret-settings.ts';
import type { TargetDatabases } from '../store/target-database.ts';
import {
  CURRENT,
  emptyVersion,
  holderOf,
  moveLabel,
  PENDING,
  ROTATION_STEPS,
  type RotationStep,
  type SecretVersion,
  stageVersion,
  withVersion,
} from '../store/version-stages.ts';
import { rotated } from './rotation-dates.ts';
import type { RotationRunner } from './rotation-runner.ts';
import type { RotationTimings } from './rotation-timings.ts';

/** Dependencies that all runs of the rotation engine share. */
export interface RotationParts {
  readonly core: Core;
  readonly agenda: Agenda;
  readonly runner: RotationRunner;
  readonly databases: TargetDatabases;
  readonly history: SecretHistory;
  readonly settings: SecretSettings;
  readonly timings: RotationTimings;
}

/** The failure of an attempt: the errorMessage of RotationFailed, which managed rotations do not have. */
export interface AttemptFailure {
  readonly errorMessage: string | undefined;
}

/** One rotation or test of a secret, from its placeholder to its end, all attempts included. */
export abstract class RotationRun {
  readonly secret: Secret;
  /** The id of the pending version; the same for every attempt. */
  readonly token: string;
  protected readonly parts: RotationParts;
  readonly #rotationToken: string;
  readonly #ended: () => void;
  #stopped = false;
  #isRefused = false;
  #cancel: () => void = () => undefined;

  constructor(parts: RotationParts, secret: Secret, token: string, ended: () => void) {
    this.parts = parts;
    this.secret = secret;
    this.token = token;
    this.#rotationToken = parts.core.random.letters(64);
    this.#ended = ended;
  }

  /** Ends the run where it stands; labels stay. */
  stop(): void {
    this.#stopped = true;
    this.#cancel();
    this.#ended();
  }

  protected get now(): Instant {
    return this.parts.core.clock.now();
  }

  /** Replaces the versions of the secret, as the service does by itself. */
  protected commit(versions: readonly SecretVersion[]): void {
    const { store } = this.parts.core;
    const after = { ...this.secret.state, versions, changedAt: this.now };
    store.commit(this.secret, after, { at: this.now, cause: 'rotation', operation: undefined });
  }

  /** Opens the pending version; answers why that failed, which is when no label is left. */
  protected open(template: Partial<SecretVersion>): AttemptFailure | undefined {
    const { versions } = this.secret.state;
    const placeholder = { ...emptyVersion(this.token, this.now), ...template, byRotation: true };
    try {
      this.commit(stageVersion(withVersion(versions, placeholder), this.token, [PENDING]));
      this.#isRefused = false;
      return undefined;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.#isRefused = true;
      this.noteFailure(error.message);
      return { errorMessage: error.message };
    }
  }

  /** True while no pending version could be opened. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  protected tell(eventName: ServiceEventName, failure?: AttemptFailure): void {
    const { core } = this.parts;
    core.outbox.push(rotationEvent(core, eventName, { ...failure, secret: this.secret, token: this.token }));
  }

  /** Goes on after a pause, unless the run was stopped in the meantime. */
  protected after(ms: number, work: () => void | Promise<void>): void {
    const { agenda, core } = this.parts;
    this.#cancel = agenda.schedule(later(this.now, ms), async () => {
      if (!this.#stopped) await work();
      await core.outbox.flush();
    });
  }

  /** Runs one step of the rotation function, which took `durationMs`; answers why it failed. */
  protected async invoke(
    functionArn: string,
    step: RotationStep,
    durationMs: number,
  ): Promise<AttemptFailure | undefined> {
    const { runner } = this.parts;
    const request = {
      Step: step,
      SecretId: this.secret.arn,
      ClientRequestToken: this.token,
      RotationToken: this.#rotationToken,
    };
    const failure = await runner.runForService(functionArn, request, durationMs).then(
      () => undefined,
      (error: unknown) => String(error),
    );
    if (failure === undefined) this.#reached(step);
    else this.noteFailure(failure, step);
    return failure === undefined ? undefined : stepFailed(functionArn, step);
  }

  /** Notes in the history that an attempt failed. */
  protected noteFailure(failure: string, failedStep?: RotationStep): void {
    const commit = { at: this.now, cause: 'rotation' as const, operation: undefined };
    this.parts.history.note(this.secret, commit, { failure, failedStep, failedVersionId: this.token });
  }

  protected pendingVersion(): SecretVersion | undefined {
    return this.secret.state.versions.find(({ id }) => id === this.token);
  }

  protected get isStopped(): boolean {
    return this.#stopped;
  }

  #reached(step: RotationStep): void {
    const version = this.pendingVersion();
    if (version === undefined || isBehind(step, version.stepReached)) return;
    const { store } = this.parts.core;
    const versions = withVersion(this.secret.state.versions, { ...version, stepReached: step });
    const commit = { at: this.now, cause: 'rotation' as const, operation: undefined };
    store.commit(this.secret, { ...this.secret.state, versions }, commit);
  }

  /** Begins the run: opens the pending version and reports it. */
  abstract begin(): void;
}

/** The state of a secret whose pending version has become AWSCURRENT. */
export function finished(parts: RotationParts, secret: Secret, at: Instant): void {
  const { core, settings } = parts;
  const { versions, rotation } = secret.state;
  const cleaned = settings.of(secret.arn).leavesPending ? versions : moveLabel(versions, PENDING, undefined);
  const after = {
    ...secret.state,
    versions: cleaned,
    rotation: rotation && rotated(rotation, at),
    changedAt: at,
  };
  core.store.commit(secret, after, { at, cause: 'rotation', operation: undefined });
}

/** True when the version is the one that applications read. */
export const isCurrent = ({ state }: Secret, versionId: string): boolean =>
  holderOf(state.versions, CURRENT)?.id === versionId;

/** True for a step before the one that was reached already, as in a further attempt. */
const isBehind = (step: RotationStep, reached: RotationStep | undefined): boolean =>
  reached !== undefined && ROTATION_STEPS.indexOf(step) < ROTATION_STEPS.indexOf(reached);

/**
 * The text of a step that failed, whatever the reason.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html
 */
export const stepFailed = (functionArn: string, step: RotationStep): AttemptFailure => ({
  errorMessage: `Error when executing lambda ${functionArn} during ${step} step`,
});

/** The step after another; undefined after finishSecret. */
export const stepAfter = (step: RotationStep): RotationStep | undefined =>
  ROTATION_STEPS[ROTATION_STEPS.indexOf(step) + 1];

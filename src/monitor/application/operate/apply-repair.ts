import { SECOND } from '../../../calendar/instant.ts';
import type { RepairCall, RepairPlan } from '../../domain/repair/repair-plan.ts';
import type { RotationStep } from '../../domain/rotation/rotation-event.ts';
import type { Secret } from '../../domain/secret/secret.ts';
import { currentVersion, pendingVersion, type VersionStages } from '../../domain/secret/version-stage.ts';
import { PortError } from '../../ports/failure.ts';
import type { StageMover } from '../../ports/repair/stage-mover.ts';
import type { StepRunner } from '../../ports/repair/step-runner.ts';
import type { Service } from '../service.ts';

/** Parts of the service that apply a repair. */
export interface ApplyingRepair extends Pick<Service, 'catalog' | 'clock'> {
  readonly steps: StepRunner;
  readonly stages: StageMover;
  /** Whether the operator wants it to stop. */
  readonly isInterrupted: () => boolean;
  /** Called with each call before it is sent, and with its outcome. */
  readonly onCall: (call: RepairCall, state: CallState) => Promise<void>;
}

/** The state of a call: sent and not answered yet, or its outcome. */
type CallState = 'sending' | 'done' | 'failed' | 'unknown';

/** A call that was sent. */
interface SentCall {
  readonly call: RepairCall;
  readonly state: CallState;
  /** The reason for its failure, or for its unknown outcome. */
  readonly because: string | undefined;
}

/** The result of a repair. */
export interface RepairReport {
  /**
   * `repaired`: what was planned is true now. `disproven`: the target refused the credential, and nothing was promoted.
   * `stopped`: something stood in the way.
   */
  readonly outcome: 'repaired' | 'disproven' | 'stopped';
  readonly because: string | undefined;
  readonly sent: readonly SentCall[];
  /** The labels as they were seen last; undefined when the secret could not be looked at any longer. */
  readonly stages: VersionStages | undefined;
}

/** Longest time until DescribeSecret shows a change. */
const CONSISTENT_WITHIN_MS: number = 30 * SECOND;
const LOOK_EVERY_MS: number = SECOND;

/**
 * Carries out a repair call by call. Before each the labels are read again, and after each until they show it; every
 * move names from and to, so that AWS refuses a race that was lost. What fails, stops it; then it says what is true.
 */
export async function applyRepair(service: ApplyingRepair, plan: RepairPlan): Promise<RepairReport> {
  const run = new Run(service, plan);
  try {
    for (const call of plan.calls) {
      if (run.isOver) break;
      await run.next(call);
    }
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    run.stop(error.message);
  }
  return run.report();
}

/** The labels that a plan works on. */
interface Labels {
  readonly current: string | undefined;
  readonly pending: string | undefined;
}

const labelsOf = ({ versionStages }: Secret): Labels => ({
  current: currentVersion(versionStages),
  pending: pendingVersion(versionStages),
});

class Run {
  readonly #service: ApplyingRepair;
  readonly #plan: RepairPlan;
  readonly #sent: SentCall[] = [];
  #end: Pick<RepairReport, 'outcome' | 'because'> | undefined;
  #isFinished = false;
  #hasRestored = false;
  #seen: Secret | undefined;

  constructor(service: ApplyingRepair, plan: RepairPlan) {
    this.#service = service;
    this.#plan = plan;
  }

  get isOver(): boolean {
    return this.#end !== undefined;
  }

  stop(because: string): void {
    this.#end ??= { outcome: 'stopped', because };
  }

  async next(call: RepairCall): Promise<void> {
    if (call.kind === 'promote' && this.#isFinished) return;
    if (this.#service.isInterrupted()) return this.stop('It was interrupted.');
    const secret = await this.#look();
    if (secret === undefined) return this.stop('The secret no longer exists.');
    if (labelsOf(secret).current === this.#plan.pending) {
      this.#isFinished = true;
      return;
    }
    const obstacle = this.#changed(secret) ?? (await this.#otherCode(call));
    if (obstacle !== undefined) return this.stop(obstacle);
    await this.#send(call);
  }

  /** Looks once more, and says what is true. */
  async report(): Promise<RepairReport> {
    const end = this.#end ?? { outcome: 'repaired' as const, because: undefined };
    const seen = await this.#look().catch((error: unknown) => {
      if (error instanceof PortError) return undefined;
      throw error;
    });
    const isDone = seen !== undefined && labelsOf(seen).current === this.#plan.pending;
    return {
      ...(end.outcome === 'stopped' && isDone ? { outcome: 'repaired', because: end.because } : end),
      sent: this.#sent,
      stages: seen?.versionStages,
    };
  }

  async #look(): Promise<Secret | undefined> {
    this.#seen = await this.#service.catalog.describe(this.#plan.secretArn);
    return this.#seen;
  }

  /** Returns the first difference from the plan and the calls made since; undefined when there is none. */
  #changed({ deletedAt, versionStages, rotationFunctionArn }: Secret): string | undefined {
    const { current, pending } = this.#plan;
    const restore = this.#hasRestored ? undefined : this.#restore;
    if (deletedAt !== undefined) return 'The secret was scheduled for deletion.';
    if (currentVersion(versionStages) !== current) return 'AWSCURRENT was moved to another version.';
    if (this.#plan.function !== undefined && rotationFunctionArn !== this.#plan.function.arn)
      return 'The secret was given another rotation function.';
    const wanted = restore === undefined ? pending : restore.from;
    return pendingVersion(versionStages) === wanted ? undefined : 'AWSPENDING was moved or taken off.';
  }

  /** A proof by other code than that which finishes would prove nothing. */
  async #otherCode({ kind }: RepairCall): Promise<string | undefined> {
    const planned = this.#plan.function;
    if (planned === undefined || !['prove', 'finish', 'promote'].includes(kind)) return undefined;
    const code = await this.#service.steps.code(planned.arn);
    if (code === undefined) return 'The rotation function no longer exists.';
    if (code.isUpdating || code.codeSha256 !== planned.codeSha256)
      return 'The rotation function was changed.';
    return code.isWeighted ? 'The alias of the rotation function sends a part elsewhere now.' : undefined;
  }

  async #send(call: RepairCall): Promise<void> {
    await this.#service.onCall(call, 'sending');
    try {
      const failed = await this.#carryOut(call);
      await this.#note(call, failed === undefined ? 'done' : 'failed', failed);
      if (failed === undefined) await this.#await(call);
      else await this.#fail(call, failed);
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      // An answer that is lost says nothing of what was done.
      await this.#note(call, error.retryable ? 'unknown' : 'failed', error.message);
      throw error;
    }
  }

  async #note(call: RepairCall, state: CallState, because: string | undefined): Promise<void> {
    this.#sent.push({ call, state, because });
    await this.#service.onCall(call, state);
  }

  /** The name of the error that the function failed with; undefined when all went well. */
  async #carryOut(call: RepairCall): Promise<string | undefined> {
    if (call.kind === 'prove') return this.#invoke('testSecret');
    if (call.kind === 'finish') return this.#invoke('finishSecret');
    const { label = '', to, from } = call;
    await this.#service.stages.move({ secretArn: this.#plan.secretArn, label, to, from });
    return undefined;
  }

  async #invoke(step: RotationStep): Promise<string | undefined> {
    const { secretArn, pending: versionId, function: planned } = this.#plan;
    const functionArn = planned?.arn ?? '';
    const answer = await this.#service.steps.run({ functionArn, step, secretArn, versionId });
    return answer.kind === 'failed' ? answer.errorType : undefined;
  }

  async #fail(call: RepairCall, errorType: string): Promise<void> {
    // Where the function cannot finish, the label is moved by the next call, and the proof still stands.
    if (call.kind === 'finish') return;
    if (this.#hasRestored) await this.#takeOffAgain();
    this.#end ??= {
      outcome: 'disproven',
      because: `The rotation function failed testSecret with ${errorType}, so the pending credential is not proven. Fix what its log names first, and repeat.${this.#restore === undefined ? ' If AWSCURRENT logs in, repeat with --current-works instead.' : ''}`,
    };
  }

  /** The call that makes the version pending again; undefined where it was pending when the repair was planned. */
  get #restore(): RepairCall | undefined {
    return this.#plan.calls.find(({ kind }) => kind === 'restore');
  }

  /** A version that stayed pending would keep every rotation from beginning. */
  #takeOffAgain(): Promise<void> {
    const to = this.#restore?.from;
    return this.#send({ kind: 'remove', label: 'AWSPENDING', from: this.#plan.pending, to });
  }

  /** Reads until the labels show what was done. */
  async #await(call: RepairCall): Promise<void> {
    if (call.kind === 'restore') this.#hasRestored = true;
    if (call.kind === 'prove') return;
    const { clock } = this.#service;
    const until = clock.now() + CONSISTENT_WITHIN_MS;
    for (;;) {
      const secret = await this.#look();
      if (secret !== undefined && this.#shows(secret, call)) break;
      if (clock.now() >= until) return this.stop('What was done did not show within 30 seconds.');
      await clock.pause(LOOK_EVERY_MS);
    }
    if (call.kind === 'finish' || call.kind === 'promote') this.#isFinished = true;
  }

  #shows(secret: Secret, call: RepairCall): boolean {
    const { pending } = this.#plan;
    switch (call.kind) {
      case 'keep':
        return secret.versionStages[pending]?.includes(call.label ?? '') === true;
      case 'restore':
        return labelsOf(secret).pending === pending;
      case 'remove':
        return labelsOf(secret).pending !== pending;
      default:
        return labelsOf(secret).current === pending;
    }
  }
}

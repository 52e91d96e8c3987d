import { HOUR, type Instant, instant, later } from '../../../calendar/instant.ts';
import { AwsError } from '../../call/aws-error.ts';
import { rotationEvent } from '../events/bus-events.ts';
import { isReplica, type Rotation, type Secret, type SecretState } from '../store/secret.ts';
import type { Change } from '../store/secret-store.ts';
import { CURRENT, holderOf, PENDING, rotationIsOpen } from '../store/version-stages.ts';
import { changedByHand, resumed } from './rotation-dates.ts';
import { FunctionRotation, ManagedRotation, RotationTest } from './rotation-kinds.ts';
import type { RotationParts, RotationRun } from './rotation-run.ts';

/** Rotates secrets when their windows open or on demand, and reacts to what callers do in the meantime. */
export class RotationEngine {
  readonly #parts: RotationParts;
  readonly #runs = new Map<Secret, RotationRun>();
  readonly #planned = new Map<Secret, () => void>();
  /** Secrets whose last rotation found no label left. */
  readonly #refused = new Set<Secret>();

  constructor(parts: RotationParts) {
    this.#parts = parts;
  }

  /** Rotates a secret now. It must not have a rotation open. */
  rotate(secret: Secret, token: string): void {
    const { core, timings } = this.#parts;
    const window = secret.state.rotation?.schedule?.next(core.clock.now());
    const windowMs = window === undefined ? timings.onDemandWindowMs : window.closesAt - window.opensAt;
    this.#start(secret, token, later(core.clock.now(), Math.max(windowMs, HOUR)));
  }

  /** Tests the rotation of a secret; managed rotation has nothing to test. */
  test(secret: Secret, token: string): void {
    if (secret.state.rotation?.functionArn === undefined) return;
    this.#begin(new RotationTest(this.#parts, secret, token, () => this.#ended(secret)));
  }

  /** Ends what runs for a secret; labels stay where they are. */
  stop(secret: Secret): void {
    this.#runs.get(secret)?.stop();
  }

  /** True while an attempt runs or a further one is due. */
  isRunning(secret: Secret): boolean {
    return this.#runs.has(secret);
  }

  /** Plans the next rotation of a secret at a moment of its next window. */
  plan(secret: Secret): void {
    this.#planned.get(secret)?.();
    this.#planned.delete(secret);
    const startsAt = this.#startOf(secret);
    if (startsAt === undefined) return;
    const cancel = this.#parts.agenda.schedule(startsAt, async () => {
      this.#planned.delete(secret);
      this.#open(secret);
      await this.#parts.core.outbox.flush();
    });
    this.#planned.set(secret, cancel);
  }

  /** Plans again after an obstacle is gone; a window that was missed gives way to the next one. */
  resume(secret: Secret): void {
    this.#replace(secret, this.#parts.core.clock.now(), resumed);
    if (!this.#planned.has(secret)) this.plan(secret);
  }

  /** Reacts to a change: a new schedule, a new value while a rotation is open, an obstacle cleared. */
  notice(change: Change): void {
    const { secret, before, after, cause, operation } = change;
    if (before !== undefined && operation !== undefined) {
      if (cause === 'call' && setsValue(change)) this.#changedByHand(change);
      else if (this.#isCleared(change) || this.#isFreed(change)) this.resume(secret);
    }
    if (before?.rotation !== after.rotation && secret.state === after) this.plan(secret);
  }

  #isCleared({ secret, before, after }: Change): boolean {
    const wasOpen = before !== undefined && rotationIsOpen(before.versions);
    return wasOpen && !rotationIsOpen(after.versions) && !this.#runs.has(secret);
  }

  /** True when a caller has taken a label off a secret that had no room for AWSPENDING. */
  #isFreed({ secret, before, after }: Change): boolean {
    const isFreed = labelCount(after) < labelCount(before) && this.#refused.has(secret);
    if (isFreed) this.#refused.delete(secret);
    return isFreed;
  }

  #changedByHand({ secret, before, after, at }: Change): void {
    const pending = holderOf(before?.versions ?? [], PENDING);
    const isAbandoned = pending?.byRotation && before?.rotation?.enabled && rotationIsOpen(before.versions);
    if (isAbandoned && pending !== undefined && holderOf(after.versions, CURRENT)?.id !== pending.id) {
      this.stop(secret);
      const { core } = this.#parts;
      core.outbox.push(rotationEvent(core, 'RotationAbandoned', { secret, token: pending.id }));
    }
    const { putsMoveRotatedDate } = this.#parts.settings.of(secret.arn);
    this.#replace(secret, at, (rotation, now) => ({
      ...changedByHand(rotation, now),
      ...(putsMoveRotatedDate ? { putAt: now } : {}),
    }));
  }

  #replace(secret: Secret, at: Instant, change: (rotation: Rotation, now: Instant) => Rotation): void {
    const { rotation } = secret.state;
    if (!rotation?.enabled) return;
    const after = { ...secret.state, rotation: change(rotation, at) };
    if (after.rotation === rotation) return;
    this.#parts.core.store.commit(secret, after, { at, cause: 'rotation', operation: undefined });
  }

  #startOf({ state, arn }: Secret): Instant | undefined {
    const { core, timings } = this.#parts;
    const window = state.rotation?.enabled ? state.rotation.nextWindow : undefined;
    const now = core.clock.now();
    if (window === undefined || window.closesAt <= now || state.deletedAt !== undefined) return undefined;
    if (isReplica(state, core.home.region) || core.store.find(arn) === undefined) return undefined;
    const opensAt = Math.max(window.opensAt, now);
    return instant(
      Math.floor(opensAt + core.random.next() * (window.closesAt - opensAt) * timings.startShare),
    );
  }

  #open(secret: Secret): void {
    const { core, settings } = this.#parts;
    const { rotation, versions } = secret.state;
    if (!rotation?.enabled || rotation.nextWindow === undefined || rotationIsOpen(versions)) return;
    if (this.#runs.has(secret) || settings.of(secret.arn).missesWindows) return;
    const token = core.random.uuid();
    try {
      this.#start(secret, token, rotation.nextWindow.closesAt);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.#notBegun(secret, token, error.message);
    }
  }

  /** A rotation that no version can be staged for, since all labels are in use, fails; nobody knows of a retry. */
  #notBegun(secret: Secret, token: string, errorMessage: string): void {
    const { core } = this.#parts;
    core.outbox.push(rotationEvent(core, 'RotationFailed', { secret, token, errorMessage }));
  }

  #start(secret: Secret, token: string, deadline: Instant): void {
    const isManaged = secret.state.rotation?.functionArn === undefined;
    const Kind = isManaged ? ManagedRotation : FunctionRotation;
    this.#begin(new Kind(this.#parts, secret, { token, deadline, ended: () => this.#ended(secret) }));
  }

  #ended(secret: Secret): void {
    const run = this.#runs.get(secret);
    this.#runs.delete(secret);
    if (run?.isRefused) this.#refused.add(secret);
    else if (!rotationIsOpen(secret.state.versions)) this.resume(secret);
  }

  #begin(run: RotationRun): void {
    this.stop(run.secret);
    this.#runs.set(run.secret, run);
    try {
      run.begin();
    } catch (error) {
      this.#runs.delete(run.secret);
      throw error;
    }
  }
}

const labelCount = (state: SecretState | undefined): number =>
  (state?.versions ?? []).reduce((sum, { stages }) => sum + stages.length, 0);

/** True when a caller has given AWSCURRENT to a version by putting a value. */
function setsValue({ before, after, operation }: Change): boolean {
  if (operation !== 'PutSecretValue' && operation !== 'UpdateSecret') return false;
  return holderOf(before?.versions ?? [], CURRENT)?.id !== holderOf(after.versions, CURRENT)?.id;
}

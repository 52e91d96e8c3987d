import type { Instant } from '../../../calendar/instant.ts';
import { nextRotationAt, type ReplicaStatus, type Secret, type SecretState } from './secret.ts';
import type { ChangeCause, Commit } from './secret-store.ts';
import type { TargetDatabases } from './target-database.ts';
import { holderOf, PENDING, PREVIOUS, type RotationStep, stagesById } from './version-stages.ts';

/** The ground truth about a secret from one moment on. */
export interface StageChange {
  readonly at: Instant;
  readonly secretArn: string;
  /** Labels by version id, without deprecated versions. */
  readonly stages: Readonly<Record<string, readonly string[]>>;
  readonly rotationEnabled: boolean | undefined;
  readonly nextRotationAt: Instant | undefined;
  readonly lastRotatedAt: Instant | undefined;
  /** Time at which a value put by hand moved LastRotatedDate, where the settings say that it does. */
  readonly putAt?: Instant | undefined;
  readonly deletedAt: Instant | undefined;
  /** `seed` for the state that a secret had before anything happened to it. */
  readonly cause: ChangeCause | 'seed';
  /** The API operation, or undefined when the service acted by itself. */
  readonly operation: string | undefined;
  /** The furthest step completed for the pending version. */
  readonly stepReached: RotationStep | undefined;
  /** Ids of the versions whose value logs in; undefined while no rotation has needed the target. */
  readonly databaseAccepts: readonly string[] | undefined;
  /** Midnight UTC of the day on which anybody but a rotation function last read AWSPREVIOUS. */
  readonly previousReadOn: Instant | undefined;
  readonly tags: SecretState['tags'];
  /** The replicas as the primary shows them. */
  readonly replicas: readonly ReplicaStatus[];
  /**
   * The error of a rotation function, or the reason why the service gave an attempt up, when one of these was noted.
   */
  readonly failure: string | undefined;
  /** The step at which that was; undefined for managed rotations, which have none. */
  readonly failedStep: RotationStep | undefined;
  /** The version that the attempt was for, which does not exist where no label was left for it. */
  readonly failedVersionId: string | undefined;
}

/** The facts of a note beyond the present state. */
interface NoteDetail {
  /** The state that the secret had until now. */
  readonly before?: SecretState | undefined;
  readonly failure?: string;
  readonly failedStep?: RotationStep | undefined;
  readonly failedVersionId?: string;
}

/** The history of every secret, in order and never forgotten, deleted secrets included. */
export class SecretHistory {
  readonly #byArn = new Map<string, StageChange[]>();
  readonly #databases: TargetDatabases;

  constructor(databases: TargetDatabases) {
    this.#databases = databases;
  }

  /** Notes the present state of a secret. */
  note(
    secret: Secret,
    commit: Commit,
    { before, failure, failedStep, failedVersionId }: NoteDetail = {},
  ): void {
    const known = this.#byArn.get(secret.arn);
    const changes = known ?? (before === undefined ? [] : [this.#seeded(secret, before)]);
    const entry = this.#entry(secret, secret.state, commit);
    changes.push({ ...entry, failure, failedStep, failedVersionId });
    this.#byArn.set(secret.arn, changes);
  }

  /** The history of a secret; one entry for a seeded secret to which nothing has happened. */
  of(secret: Secret): readonly StageChange[] {
    return this.#byArn.get(secret.arn) ?? [this.#seeded(secret, secret.state)];
  }

  /** The history of a secret that is gone; empty when there was none. */
  ofArn(arn: string): readonly StageChange[] {
    return this.#byArn.get(arn) ?? [];
  }

  #seeded(secret: Secret, state: SecretState): StageChange {
    return this.#entry(secret, state, { at: state.changedAt, cause: 'seed', operation: undefined });
  }

  #entry(
    { arn }: Secret,
    state: SecretState,
    { at, cause, operation }: { at: Instant; cause: StageChange['cause']; operation: string | undefined },
  ): StageChange {
    const database = this.#databases.known(arn);
    const accepted = state.versions.filter(({ value }) => value !== undefined && database?.accepts(value));
    return {
      at,
      secretArn: arn,
      stages: stagesById(state.versions),
      rotationEnabled: state.rotation?.enabled,
      nextRotationAt: nextRotationAt(state),
      lastRotatedAt: state.rotation?.lastRotatedAt,
      putAt: state.rotation?.putAt,
      deletedAt: state.deletedAt,
      cause,
      operation,
      stepReached: holderOf(state.versions, PENDING)?.stepReached,
      databaseAccepts: database && accepted.map(({ id }) => id),
      previousReadOn: holderOf(state.versions, PREVIOUS)?.consumedOn,
      tags: state.tags,
      replicas: state.replicas,
      failure: undefined,
      failedStep: undefined,
      failedVersionId: undefined,
    };
  }
}

import type { Instant } from '../../../calendar/instant.ts';
import type { RotationSchedule, Window } from '../../../calendar/rotation-schedule.ts';
import type { SecretVersion } from './version-stages.ts';

/** A tag in the words of the API. */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** RotationRules as the caller gave them. */
export interface RotationRules {
  readonly automaticallyAfterDays: number | undefined;
  readonly scheduleExpression: string | undefined;
  readonly duration: string | undefined;
}

/** The rotation of a secret for which it was ever configured. */
export interface Rotation {
  readonly enabled: boolean;
  /** Absent for managed rotation. */
  readonly functionArn: string | undefined;
  readonly rules: RotationRules | undefined;
  readonly schedule: RotationSchedule | undefined;
  /** AutomaticallyAfterDays as derived from an expression after a success; it lags edits of the schedule. */
  readonly derivedDays: number | undefined;
  readonly lastRotatedAt: Instant | undefined;
  /** Time at which a value put by hand moved LastRotatedDate, where it does so. */
  readonly putAt?: Instant | undefined;
  /** The window that the service works towards; its end is NextRotationDate, also when it has passed. */
  readonly nextWindow: Window | undefined;
  /** A partner's parameters for rotating a managed external secret: the role it is done under, and its metadata. */
  readonly external?: ExternalRotation | undefined;
}

/** The members of RotateSecret that are for managed external secrets. */
export interface ExternalRotation {
  readonly metadata: readonly { readonly Key: string; readonly Value: string }[] | undefined;
  readonly roleArn: string | undefined;
}

/** The status of a replica Region, as DescribeSecret of the primary shows it. */
export interface ReplicaStatus {
  readonly region: string;
  readonly status: 'InSync' | 'Failed' | 'InProgress';
  readonly message: string | undefined;
  /** The key of the replica; the account's own when not given. */
  readonly kmsKeyId?: string | undefined;
}

/** Everything about a secret that can change. Never changed in place: each change makes another state. */
export interface SecretState {
  readonly description: string | undefined;
  readonly kmsKeyId: string | undefined;
  /** Partner type of a managed external secret. */
  readonly type: string | undefined;
  readonly tags: readonly Tag[];
  /** A secret that lost its last tag shows an empty list of them. */
  readonly wasTagged: boolean;
  readonly versions: readonly SecretVersion[];
  readonly createdAt: Instant;
  readonly changedAt: Instant;
  /** Midnight UTC of the day of the last read. */
  readonly accessedOn: Instant | undefined;
  /** Time DeleteSecret was called. */
  readonly deletedAt: Instant | undefined;
  readonly purgeAt: Instant | undefined;
  /** Undefined when rotation was never configured. */
  readonly rotation: Rotation | undefined;
  readonly owningService: string | undefined;
  /** Another Region than ours makes this secret a replica, ours one that has replicas. */
  readonly primaryRegion: string | undefined;
  readonly replicas: readonly ReplicaStatus[];
}

/** A secret in the store. */
export interface Secret {
  readonly arn: string;
  readonly name: string;
  /** Grows with every secret created. */
  readonly order: number;
  /** The present state; only the store replaces it. */
  readonly state: SecretState;
}

/** The state of a secret that was created just now and has nothing yet. */
export function newState(createdAt: Instant): SecretState {
  return {
    description: undefined,
    kmsKeyId: undefined,
    type: undefined,
    tags: [],
    wasTagged: false,
    versions: [],
    createdAt,
    changedAt: createdAt,
    accessedOn: undefined,
    deletedAt: undefined,
    purgeAt: undefined,
    rotation: undefined,
    owningService: undefined,
    primaryRegion: undefined,
    replicas: [],
  };
}

/** True for a secret that another Region owns. */
export const isReplica = (state: SecretState, region: string): boolean =>
  state.primaryRegion !== undefined && state.primaryRegion !== region;

/** NextRotationDate: the latest moment of the window, absent while rotation is off. */
export const nextRotationAt = ({ rotation }: SecretState): Instant | undefined =>
  rotation?.enabled ? rotation.nextWindow?.closesAt : undefined;

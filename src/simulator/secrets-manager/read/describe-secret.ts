import { DAY, type Instant, instant } from '../../../calendar/instant.ts';
import { frozenCopy } from '../../call/frozen-copy.ts';
import type { Call, Input } from '../../call/service.ts';
import { type Core, dateOf, findSecret, present } from '../store/core.ts';
import {
  nextRotationAt,
  type ReplicaStatus,
  type Rotation,
  type Secret,
  type SecretState,
} from '../store/secret.ts';
import { stagesById } from '../store/version-stages.ts';

/**
 * DescribeSecret. Works for secrets that are marked for deletion, too. It may lag a moment behind, though not for
 * rotation functions: their templates rely on what they have just written.
 */
export function describeSecret(core: Core, input: Input, call: Call): unknown {
  const secret = findSecret(core, input);
  const shown = core.isRotator(call.role) ? undefined : core.store.descriptions.stateOf(secret, call.now);
  const state = shown ?? secret.state;
  const stages = stagesById(state.versions);
  return present({
    ...metadata(secret, state),
    LastRotatedDate: state.rotation?.enabled ? dateOf(shownDate(state.rotation)) : undefined,
    VersionIdsToStages: Object.keys(stages).length > 0 ? stages : undefined,
    ReplicationStatus: shownReplicas(state),
  });
}

/** Entries of lists by the state that they show: most secrets are listed many times between two changes. */
const entries = new WeakMap<SecretState, unknown>();

/** An entry of ListSecrets. Unlike DescribeSecret it keeps LastRotatedDate while rotation is off. */
export function listEntry(secret: Secret, state: SecretState): unknown {
  const entry = entries.get(state) ?? frozenCopy(entryOf(secret, state));
  entries.set(state, entry);
  return entry;
}

function entryOf(secret: Secret, state: SecretState): unknown {
  const stages = stagesById(state.versions);
  return present({
    ...metadata(secret, state),
    LastRotatedDate: dateOf(shownDate(state.rotation)),
    SecretVersionsToStages: Object.keys(stages).length > 0 ? stages : undefined,
  });
}

/** LastRotatedDate is that of the last rotation, or of a value put by hand since, where the settings say so. */
const shownDate = (rotation: Rotation | undefined): Instant | undefined =>
  rotation?.putAt ?? rotation?.lastRotatedAt;

function metadata({ arn, name }: Secret, state: SecretState) {
  const { rotation } = state;
  return {
    ARN: arn,
    Name: name,
    Type: state.type,
    Description: state.description,
    KmsKeyId: state.kmsKeyId,
    RotationEnabled: rotation?.enabled,
    RotationLambdaARN: rotation?.functionArn,
    RotationRules: rotation?.rules && shownRules(rotation),
    ExternalSecretRotationMetadata: rotation?.external?.metadata,
    ExternalSecretRotationRoleArn: rotation?.external?.roleArn,
    LastChangedDate: dateOf(state.changedAt),
    LastAccessedDate: dateOf(state.accessedOn),
    DeletedDate: dateOf(state.deletedAt),
    NextRotationDate: dateOf(nextRotationAt(state)),
    Tags: state.tags.length > 0 || state.wasTagged ? state.tags : undefined,
    OwningService: state.owningService,
    CreatedDate: dateOf(state.createdAt),
    PrimaryRegion: state.primaryRegion,
  };
}

const shownRules = ({ rules, derivedDays }: Rotation) =>
  present({
    AutomaticallyAfterDays: rules?.automaticallyAfterDays ?? derivedDays,
    Duration: rules?.duration,
    ScheduleExpression: rules?.scheduleExpression,
  });

/** ReplicationStatus of a primary; absent when it has no replicas. */
export const shownReplicas = ({ replicas, accessedOn, createdAt }: SecretState): unknown =>
  replicas.length > 0 ? replicas.map((replica) => replicaEntry(replica, accessedOn ?? createdAt)) : undefined;

/** A replica in sync says so, names its key and the day of its last read, as recorded against AWS. */
const replicaEntry = ({ region, kmsKeyId, status, message }: ReplicaStatus, accessedAt: Instant) =>
  present({
    Region: region,
    KmsKeyId: kmsKeyId ?? (status === 'InSync' ? 'alias/aws/secretsmanager' : undefined),
    Status: status,
    StatusMessage: message || (status === 'InSync' ? 'Replication succeeded' : undefined),
    LastAccessedDate: status === 'InSync' ? dateOf(instant(Math.floor(accessedAt / DAY) * DAY)) : undefined,
  });

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
    LastRotatedDate: state.rotation?.enabled ? dateOf(state.rotation.lastRotatedAt) : undefined,
    VersionIdsToStages: Object.keys(stages).length > 0 ? stages : undefined,
    ReplicationStatus: shownReplicas(state),
  });
}

/** An entry of ListSecrets. Unlike DescribeSecret it keeps LastRotatedDate while rotation is off. */
export function listEntry(secret: Secret, state: SecretState): unknown {
  const stages = stagesById(state.versions);
  return present({
    ...metadata(secret, state),
    LastRotatedDate: dateOf(state.rotation?.lastRotatedAt),
    SecretVersionsToStages: Object.keys(stages).length > 0 ? stages : undefined,
  });
}

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
    LastChangedDate: dateOf(state.changedAt),
    LastAccessedDate: dateOf(state.accessedOn),
    DeletedDate: dateOf(state.deletedAt),
    NextRotationDate: dateOf(nextRotationAt(state)),
    Tags: state.tags.length > 0 ? state.tags : undefined,
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
export const shownReplicas = ({ replicas }: SecretState): unknown =>
  replicas.length > 0 ? replicas.map(replicaEntry) : undefined;

const replicaEntry = ({ region, kmsKeyId, status, message }: ReplicaStatus) =>
  present({ Region: region, KmsKeyId: kmsKeyId, Status: status, StatusMessage: message || undefined });

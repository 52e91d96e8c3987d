import type { Call, Input } from '../../call/service.ts';
import { shownReplicas } from '../read/describe-secret.ts';
import { type Core, type CoreOperation, commitOf, findSecret, findWritable, present } from '../store/core.ts';
import { invalidMember, invalidParameter, invalidRequest, markedForDeletion } from '../store/errors.ts';
import { readObjects, readText, readTexts, requireText } from '../store/read-input.ts';
import { isReplica, type ReplicaStatus, type Secret, type SecretState } from '../store/secret.ts';
import type { Replication } from './replication.ts';

/** ReplicateSecretToRegions, RemoveRegionsFromReplication and StopReplicationToReplica. */
export const replicationOperations = (
  core: Core,
  replication: Replication,
): Readonly<Record<string, CoreOperation>> => ({
  ReplicateSecretToRegions: (input, call) => replicate(core, replication, input, call),
  RemoveRegionsFromReplication: (input, call) => removeRegions(core, input, call),
  StopReplicationToReplica: (input, call) => promoteReplica(core, input, call),
});

/** The replicas that AddReplicaRegions asks for; empty when it was not sent. Refuses what is no other Region. */
export const readReplicas = (core: Core, input: Input): readonly ReplicaStatus[] =>
  (readObjects(input, 'AddReplicaRegions') ?? []).map((replica) => {
    const region = requireText(replica, 'Region');
    if (!/^([a-z]+-)+\d+$/.test(region)) {
      throw invalidMember('region', region, 'satisfy regular expression pattern: ^([a-z]+-)+\\d+$');
    }
    if (region === core.home.region) {
      throw invalidParameter(`Invalid replica region: ${region} is the region of the primary secret.`);
    }
    return { region, kmsKeyId: readText(replica, 'KmsKeyId'), status: 'InProgress', message: undefined };
  });

/** Members that say how a secret is replicated, in answers and in the state. */
export const withReplicas = (
  core: Core,
  state: SecretState,
  replicas: readonly ReplicaStatus[],
): SecretState => (replicas.length === 0 ? state : { ...state, primaryRegion: core.home.region, replicas });

function replicate(core: Core, replication: Replication, input: Input, call: Call): unknown {
  const secret = findWritable(core, input);
  const added = readReplicas(core, input);
  if (added.length === 0) {
    throw invalidMember('addReplicaRegions', [], 'have length greater than or equal to 1');
  }
  const regions = added.map(({ region }) => region);
  const known = secret.state.replicas.filter(({ region }) => regions.includes(region));
  const settled = known.find(({ status }) => status !== 'Failed');
  if (settled !== undefined) {
    throw invalidParameter(`Secret is already replicated to region ${settled.region}.`);
  }
  const others = secret.state.replicas.filter(({ region }) => !regions.includes(region));
  const after = withReplicas(core, { ...secret.state, changedAt: call.now }, [...others, ...added]);
  core.store.commit(secret, after, commitOf(core, 'ReplicateSecretToRegions', call));
  replication.start(secret, regions);
  return answerOf(secret);
}

/** Deletes replicas; Regions that have none are passed over. */
function removeRegions(core: Core, input: Input, call: Call): unknown {
  const secret = findWritable(core, input);
  const removed = readTexts(input, 'RemoveReplicaRegions') ?? [];
  if (removed.length === 0) {
    throw invalidMember('removeReplicaRegions', [], 'have length greater than or equal to 1');
  }
  const replicas = secret.state.replicas.filter(({ region }) => !removed.includes(region));
  const after = { ...secret.state, replicas, changedAt: call.now };
  core.store.commit(secret, after, commitOf(core, 'RemoveRegionsFromReplication', call));
  return answerOf(secret);
}

/** Makes a replica of this Region a secret of its own. */
function promoteReplica(core: Core, input: Input, call: Call): unknown {
  const secret = findSecret(core, input);
  if (secret.state.deletedAt !== undefined) throw markedForDeletion();
  if (!isReplica(secret.state, core.home.region)) {
    throw invalidRequest("You can't stop replication to a secret that is not a replica.");
  }
  const after = { ...secret.state, primaryRegion: undefined, changedAt: call.now };
  core.store.commit(secret, after, commitOf(core, 'StopReplicationToReplica', call));
  return { ARN: secret.arn };
}

const answerOf = ({ arn, state }: Secret): unknown =>
  present({ ARN: arn, ReplicationStatus: shownReplicas(state) });

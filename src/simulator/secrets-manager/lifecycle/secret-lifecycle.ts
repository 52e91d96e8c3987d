import { DAY, type Instant, later } from '../../../calendar/instant.ts';
import type { Call, Input } from '../../call/service.ts';
import { shownReplicas } from '../read/describe-secret.ts';
import type { Replication } from '../replication/replication.ts';
import { readReplicas, withReplicas } from '../replication/replication-operations.ts';
import {
  type Core,
  type CoreOperation,
  commitOf,
  dateOf,
  findOwn,
  findSecret,
  findWritable,
  named,
  present,
  requireId,
} from '../store/core.ts';
import {
  invalidName,
  invalidParameter,
  invalidRequest,
  ownedByService,
  replicaRefused,
  resourceExists,
} from '../store/errors.ts';
import { readFlag, readNumber, readText, readValue, requireText, requireToken } from '../store/read-input.ts';
import { isReplica, newState, type Secret } from '../store/secret.ts';
import { secretArn, secretNameOf } from '../store/secret-arn.ts';
import { CURRENT } from '../store/version-stages.ts';
import { addValue, sameValue, tokenInUse } from './secret-values.ts';
import { readTags } from './tags.ts';

/** Callbacks through which the end of a secret reaches the rest of the service. */
export interface SecretEnd {
  /** The secret is marked for deletion: its rotation ends. */
  marked(secret: Secret): void;
  /** A marked secret is taken back. */
  restored(secret: Secret): void;
  /** The secret is to be purged at `at`; `forced` when there is no recovery window. */
  purge(secret: Secret, at: Instant, forced: boolean): void;
}

/** Days that a marked secret can be restored when the caller names none. */
const DEFAULT_RECOVERY_DAYS = 30;

/** CreateSecret, UpdateSecret, DeleteSecret and RestoreSecret. */
export function lifecycleOperations(
  core: Core,
  end: SecretEnd,
  replication: Replication,
): Readonly<Record<string, CoreOperation>> {
  return {
    CreateSecret: (input, call) => createSecret(core, replication, input, call),
    UpdateSecret: (input, call) => updateSecret(core, input, call),
    DeleteSecret: (input, call) => deleteSecret(core, end, input, call),
    RestoreSecret: (input, call) => restoreSecret(core, end, input, call),
  };
}

function createSecret(core: Core, replication: Replication, input: Input, call: Call): unknown {
  const name = checkName(requireText(input, 'Name'));
  const token = requireToken(input);
  const value = readValue(input);
  const existing = core.store.find(name);
  if (existing !== undefined) return repeated(existing, token, input);
  const replicas = readReplicas(core, input);
  const plain = {
    ...newState(call.now),
    description: readText(input, 'Description') || undefined,
    kmsKeyId: readText(input, 'KmsKeyId'),
    type: readText(input, 'Type'),
    tags: readTags(input),
    wasTagged: readTags(input).length > 0,
  };
  const commit = commitOf(core, 'CreateSecret', call);
  const secret = core.store.create(name, plain, commit);
  if (value !== undefined) {
    const added = { token, value, labels: [CURRENT], filledBy: call.role, vouched: false };
    core.store.commit(secret, addValue(secret, added, call.now), commit);
  }
  core.store.commit(secret, withReplicas(core, secret.state, replicas), commit);
  if (replicas.length > 0) {
    replication.start(
      secret,
      replicas.map(({ region }) => region),
    );
  }
  const VersionId = value === undefined ? undefined : token;
  return present({ ...named(secret), VersionId, ReplicationStatus: shownReplicas(secret.state) });
}

function repeated(existing: Secret, token: string, input: Input): unknown {
  if (existing.state.deletedAt !== undefined) {
    throw invalidRequest(
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  }
  const version = existing.state.versions.find(({ id }) => id === token);
  if (version === undefined) {
    throw resourceExists(`The operation failed because the secret ${existing.name} already exists.`);
  }
  if (!sameValue(version.value, readValue(input))) throw tokenInUse(existing.arn, token);
  return { ...named(existing), VersionId: token };
}

function updateSecret(core: Core, input: Input, call: Call): unknown {
  const token = requireToken(input);
  const secret = findOwn(core, input);
  const value = readValue(input);
  const described = {
    ...secret.state,
    description: readText(input, 'Description') ?? secret.state.description,
    kmsKeyId: readText(input, 'KmsKeyId') ?? secret.state.kmsKeyId,
    type: readText(input, 'Type') ?? secret.state.type,
    changedAt: call.now,
  };
  const added = value && { token, value, labels: [CURRENT], filledBy: call.role, vouched: false };
  const after = added ? addValue({ ...secret, state: described }, added, call.now) : described;
  core.store.commit(secret, after, commitOf(core, 'UpdateSecret', call));
  return present({ ...named(secret), VersionId: added?.token });
}

function deleteSecret(core: Core, end: SecretEnd, input: Input, call: Call): unknown {
  const force = readFlag(input, 'ForceDeleteWithoutRecovery') ?? false;
  const days = recoveryDays(input, force);
  if (force && core.store.find(requireId(input)) === undefined) return neverExisted(core, input, call);
  const secret = findDeletable(core, input, { force, role: call.role });
  const deletionAt = force ? call.now : later(call.now, days * DAY);
  const rotation = secret.state.rotation && { ...secret.state.rotation, enabled: false };
  const dates = { deletedAt: call.now, purgeAt: deletionAt, changedAt: call.now };
  core.store.commit(secret, { ...secret.state, ...dates, rotation }, commitOf(core, 'DeleteSecret', call));
  end.marked(secret);
  end.purge(secret, deletionAt, force);
  return { ...named(secret), DeletionDate: dateOf(deletionAt) };
}

/** Forced deletion does not complain about a secret that is not there. */
function neverExisted(core: Core, input: Input, call: Call): unknown {
  const id = requireText(input, 'SecretId');
  const name = secretNameOf(core.home, id) ?? id;
  const arn = id.startsWith('arn:') ? id : secretArn(core.home, name, core.random.letters(6));
  return { ARN: arn, Name: name, DeletionDate: dateOf(call.now) };
}

function recoveryDays(input: Input, force: boolean): number {
  const days = readNumber(input, 'RecoveryWindowInDays', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  if (days !== undefined && force) {
    throw invalidParameter(
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    );
  }
  if (days !== undefined && (days < 7 || days > 30)) {
    throw invalidParameter('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).');
  }
  return days ?? DEFAULT_RECOVERY_DAYS;
}

function findDeletable(
  core: Core,
  input: Input,
  { force, role }: { readonly force: boolean; readonly role: string },
): Secret {
  const secret = findSecret(core, input);
  const { state, arn } = secret;
  if (isReplica(state, core.home.region)) throw replicaRefused();
  if (state.owningService !== undefined && state.owningService !== role) throw ownedByService();
  if (state.replicas.length > 0) {
    const regions = state.replicas.map(({ region }) => region).join(', ');
    throw invalidParameter(`You can't delete secret ${arn} that still has replica regions [${regions}].`);
  }
  if (state.deletedAt !== undefined && !force) {
    throw invalidRequest("You tried to perform the operation on a secret that's currently marked deleted.");
  }
  return secret;
}

function restoreSecret(core: Core, end: SecretEnd, input: Input, call: Call): unknown {
  const secret = findSecret(core, input);
  if (secret.state.deletedAt === undefined) return named(findWritable(core, input));
  const after = { ...secret.state, deletedAt: undefined, purgeAt: undefined, changedAt: call.now };
  core.store.commit(secret, after, commitOf(core, 'RestoreSecret', call));
  end.restored(secret);
  return named(secret);
}

function checkName(name: string): string {
  if (/^[A-Za-z0-9/_+=.@-]{1,512}$/.test(name)) return name;
  throw invalidName();
}

import { DAY, HOUR, type Instant, instant } from '../../../calendar/instant.ts';
import type { Call, Input } from '../../call/service.ts';
import { type Core, commitOf, dateOf, findOwn, findSecret, named, present } from '../store/core.ts';
import {
  decryptionFailed,
  encryptionFailed,
  invalidMember,
  invalidRequest,
  keyDenied,
  limitExceeded,
  markedForDeletion,
  resourceExists,
  valueNotFound,
} from '../store/errors.ts';
import { readText, readTexts, readValue, requireToken } from '../store/read-input.ts';
import type { Secret, SecretState } from '../store/secret.ts';
import {
  CURRENT,
  emptyVersion,
  holderOf,
  moveLabel,
  PENDING,
  PREVIOUS,
  type SecretValue,
  type SecretVersion,
  stageVersion,
  withVersion,
} from '../store/version-stages.ts';

/** Versions per secret. https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const MOST_VERSIONS = 100;
/** Deprecated versions are never purged before they are a day old (same page). */
const YOUNGEST_PURGED_MS: number = 24 * HOUR;

/** A value on its way into a secret. */
export interface NewValue {
  readonly token: string;
  readonly value: SecretValue;
  readonly labels: readonly string[];
  readonly filledBy: string;
  readonly vouched: boolean;
}

/** GetSecretValue. Notes the day of the read, and in the history who still asks for AWSPREVIOUS. */
export function getSecretValue(core: Core, input: Input, call: Call): unknown {
  const secret = findSecret(core, input);
  if (secret.state.deletedAt !== undefined) throw markedForDeletion();
  const version = chosenVersion(secret, readText(input, 'VersionId'), readText(input, 'VersionStage'));
  checkKey(core, secret.state.kmsKeyId, { role: call.role, unusable: decryptionFailed });
  const accessedOn = instant(Math.floor(call.now / DAY) * DAY);
  const consumedOn = core.isRotator(call.role) ? version.consumedOn : accessedOn;
  const versions = withVersion(secret.state.versions, { ...version, accessedOn, consumedOn });
  const after = { ...secret.state, versions, accessedOn };
  const isTelling = version.stages.includes(PREVIOUS) && consumedOn !== version.consumedOn;
  if (isTelling) core.store.commit(secret, after, commitOf(core, 'GetSecretValue', call));
  else core.store.touch(secret, after);
  return present({
    ...named(secret),
    VersionId: version.id,
    SecretString: version.value.field === 'SecretString' ? version.value.text : undefined,
    SecretBinary: version.value.field === 'SecretBinary' ? version.value.text : undefined,
    VersionStages: version.stages.length > 0 ? version.stages : undefined,
    CreatedDate: dateOf(version.createdAt),
  });
}

/** PutSecretValue. */
export function putSecretValue(core: Core, input: Input, call: Call): unknown {
  const token = requireToken(input);
  const secret = findOwn(core, input);
  const value = readValue(input);
  if (value === undefined) throw invalidRequest('You must provide either SecretString or SecretBinary.');
  const labels = readTexts(input, 'VersionStages') ?? [CURRENT];
  if (labels.length < 1 || labels.length > 20) {
    throw invalidMember('versionStages', labels, 'have length between 1 and 20');
  }
  checkKey(core, secret.state.kmsKeyId, { role: call.role, unusable: encryptionFailed });
  const vouched = readText(input, 'RotationToken') !== undefined;
  const state = addValue(secret, { token, value, labels, filledBy: call.role, vouched }, call.now);
  core.store.commit(secret, state, commitOf(core, 'PutSecretValue', call));
  const stages = secret.state.versions.find(({ id }) => id === token)?.stages ?? [];
  return { ...named(secret), VersionId: token, VersionStages: stages };
}

/** Fails when the key of a secret keeps a role out. */
function checkKey(
  { keys }: Core,
  keyId: string | undefined,
  { role, unusable }: { readonly role: string; readonly unusable: () => Error },
): void {
  const obstacle = keys.obstacle(keyId, role);
  if (obstacle === 'denied') throw keyDenied();
  if (obstacle === 'unusable') throw unusable();
}

/**
 * The state of a secret with one more value. The same token with the same value changes nothing; a rotation's
 * placeholder may be filled once. A new AWSCURRENT clears AWSPENDING, as recorded against AWS.
 */
export function addValue({ arn, state }: Secret, added: NewValue, now: Instant): SecretState {
  const { token, value, filledBy, vouched } = added;
  const existing = state.versions.find(({ id }) => id === token);
  if (existing?.value !== undefined) {
    if (sameValue(existing.value, value)) return state;
    throw tokenInUse(arn, token);
  }
  const filled = { ...(existing ?? emptyVersion(token, now)), value, filledBy, vouched };
  const kept = existing === undefined ? madeRoom(state.versions, now) : state.versions;
  const hasCurrent = holderOf(state.versions, CURRENT) !== undefined;
  const labels = hasCurrent || added.labels.includes(CURRENT) ? added.labels : [...added.labels, CURRENT];
  const staged = stageVersion(withVersion(kept, filled), token, labels);
  const clears = labels.includes(CURRENT) && !labels.includes(PENDING);
  const versions = clears ? moveLabel(staged, PENDING, undefined) : staged;
  return { ...state, versions, changedAt: now };
}

/** True when two values are the same. */
export const sameValue = (a: SecretValue | undefined, b: SecretValue | undefined): boolean =>
  a?.field === b?.field && a?.text === b?.text;

/** The token names a version with another value. */
export const tokenInUse = (arn: string, token: string): Error =>
  resourceExists(
    `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${arn}.`,
  );

function chosenVersion(
  { state }: Secret,
  id: string | undefined,
  stage: string | undefined,
): SecretVersion & { readonly value: SecretValue } {
  const label = stage ?? (id === undefined ? CURRENT : undefined);
  const version =
    id === undefined ? holderOf(state.versions, label ?? CURRENT) : state.versions.find((v) => v.id === id);
  if (version !== undefined && label !== undefined && !version.stages.includes(label)) {
    throw invalidRequest('You provided a VersionStage that is not associated to the provided VersionId.');
  }
  if (version?.value !== undefined) return { ...version, value: version.value };
  const byId = id !== undefined && (version === undefined || label === undefined);
  throw valueNotFound(byId ? `VersionId: ${id}` : `staging label: ${label}`);
}

function madeRoom(versions: readonly SecretVersion[], now: Instant): readonly SecretVersion[] {
  if (versions.length < MOST_VERSIONS) return versions;
  const oldest = versions.find((v) => v.stages.length === 0 && now - v.createdAt >= YOUNGEST_PURGED_MS);
  if (oldest === undefined) throw limitExceeded(`versions of a secret: ${MOST_VERSIONS}`);
  return versions.filter((version) => version !== oldest);
}

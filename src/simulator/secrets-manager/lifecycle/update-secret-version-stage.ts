import type { Call, Input } from '../../call/service.ts';
import { type Core, commitOf, findOwn, named } from '../store/core.ts';
import { invalidParameter, valueNotFound } from '../store/errors.ts';
import { readText, requireText } from '../store/read-input.ts';
import { CURRENT, holderOf, moveLabel, type SecretVersion, stageVersion } from '../store/version-stages.ts';

interface Move {
  readonly label: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** UpdateSecretVersionStage: moves a label, adds one or, without MoveToVersionId, removes one. */
export function updateSecretVersionStage(core: Core, input: Input, call: Call): unknown {
  const secret = findOwn(core, input);
  const move = {
    label: requireText(input, 'VersionStage'),
    from: readText(input, 'RemoveFromVersionId'),
    to: readText(input, 'MoveToVersionId'),
  };
  const versions = moved(secret.state.versions, move);
  const commit = commitOf(core, 'UpdateSecretVersionStage', call);
  core.store.commit(secret, { ...secret.state, versions, changedAt: call.now }, commit);
  return named(secret);
}

function moved(versions: readonly SecretVersion[], { label, from, to }: Move): readonly SecretVersion[] {
  const holder = holderOf(versions, label);
  if (to !== undefined && !versions.some(({ id }) => id === to)) throw valueNotFound(`VersionId: ${to}`);
  if (holder !== undefined && holder.id !== to && from === undefined) {
    throw invalidParameter(
      `The parameter RemoveFromVersionId can't be empty. Staging label ${label} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
    );
  }
  if (from !== undefined && from !== holder?.id) {
    throw invalidParameter(
      `When you move staging label ${label}, if you specify RemoveFromVersionId, it must be set to the version that currently has the staging label ${label}.`,
    );
  }
  if (to === undefined && label === CURRENT) {
    throw invalidParameter(
      "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.",
    );
  }
  return to === undefined ? moveLabel(versions, label, undefined) : stageVersion(versions, to, [label]);
}

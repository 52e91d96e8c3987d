import type { Instant } from '../../../calendar/instant.ts';
import { limitExceeded } from './errors.ts';

/** The staging label of the version that applications read. */
export const CURRENT = 'AWSCURRENT';
/** The staging label of the candidate of a rotation. */
export const PENDING = 'AWSPENDING';
/** The staging label of the version that was AWSCURRENT before. */
export const PREVIOUS = 'AWSPREVIOUS';

/** Labels across all versions of a secret. https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const MOST_LABELS = 20;

/** The four steps of a rotation, in order. */
export const ROTATION_STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

/** One step of a rotation. */
export type RotationStep = (typeof ROTATION_STEPS)[number];

/** A secret value as the wire carries it; binary values stay in base64. */
export interface SecretValue {
  readonly field: 'SecretString' | 'SecretBinary';
  readonly text: string;
}

/** A version of a secret. Without labels it is deprecated; without a value it is a rotation's placeholder. */
export interface SecretVersion {
  readonly id: string;
  readonly stages: readonly string[];
  readonly createdAt: Instant;
  /** Midnight UTC of the day of the last read. */
  readonly accessedOn: Instant | undefined;
  /** The same for reads by others than rotation functions; no API shows it. */
  readonly consumedOn: Instant | undefined;
  readonly value: SecretValue | undefined;
  /** Name of the role that put the value. */
  readonly filledBy: string | undefined;
  /** The value came with the RotationToken of its rotation, whichever role put it. */
  readonly vouched: boolean;
  /** The id was opened by a rotation rather than by a caller. */
  readonly byRotation: boolean;
  /** The furthest step that a rotation function completed for this version. */
  readonly stepReached: RotationStep | undefined;
}

/** A version with neither labels nor value. */
export function emptyVersion(id: string, createdAt: Instant): SecretVersion {
  return {
    id,
    stages: [],
    createdAt,
    accessedOn: undefined,
    consumedOn: undefined,
    value: undefined,
    filledBy: undefined,
    vouched: false,
    byRotation: false,
    stepReached: undefined,
  };
}

/** The version that carries a label; a label is on at most one. */
export const holderOf = (versions: readonly SecretVersion[], label: string): SecretVersion | undefined =>
  versions.find((version) => version.stages.includes(label));

/**
 * True while AWSPENDING sits on another version than AWSCURRENT: Secrets Manager then takes a rotation to be
 * in progress. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
 */
export function rotationIsOpen(versions: readonly SecretVersion[]): boolean {
  const pending = holderOf(versions, PENDING);
  return pending !== undefined && !pending.stages.includes(CURRENT);
}

/**
 * Moves a label to the version `to`, or removes it when that is undefined.
 * AWSPREVIOUS follows to the version that AWSCURRENT leaves.
 */
export function moveLabel(
  versions: readonly SecretVersion[],
  label: string,
  to: string | undefined,
): readonly SecretVersion[] {
  const from = holderOf(versions, label);
  if (from?.id === to) return versions;
  const moved = relabel(versions, label, to);
  return label === CURRENT && from !== undefined ? relabel(moved, PREVIOUS, from.id) : moved;
}

/** Puts several labels on one version. Fails with LimitExceededException above 20 labels. */
export function stageVersion(
  versions: readonly SecretVersion[],
  id: string,
  labels: readonly string[],
): readonly SecretVersion[] {
  const staged = labels.reduce((all, label) => moveLabel(all, label, id), versions);
  const count = staged.reduce((sum, version) => sum + version.stages.length, 0);
  if (count > MOST_LABELS) throw limitExceeded(`staging labels: ${MOST_LABELS} across all versions`);
  return staged;
}

/** The versions with `version` added, or in the place of the one with its id. */
export function withVersion(
  versions: readonly SecretVersion[],
  version: SecretVersion,
): readonly SecretVersion[] {
  return versions.some(({ id }) => id === version.id)
    ? versions.map((other) => (other.id === version.id ? version : other))
    : [...versions, version];
}

/** Version ids to labels, as DescribeSecret and ListSecrets show them: without deprecated versions. */
export function stagesById(versions: readonly SecretVersion[]): Readonly<Record<string, readonly string[]>> {
  const labelled = versions.filter((version) => version.stages.length > 0);
  return Object.fromEntries(labelled.map((version) => [version.id, version.stages]));
}

function relabel(versions: readonly SecretVersion[], label: string, to: string | undefined) {
  return versions.map((version) => {
    const has = version.stages.includes(label);
    if (has === (version.id === to)) return version;
    const stages = has ? version.stages.filter((stage) => stage !== label) : [...version.stages, label];
    return { ...version, stages };
  });
}

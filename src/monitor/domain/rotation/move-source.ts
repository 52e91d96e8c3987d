import { type Instant, MINUTE } from '../../../calendar/instant.ts';
import type { Secret } from '../secret/secret.ts';
import { pendingVersion } from '../secret/version-stage.ts';
import type { Evidence } from './evidence.ts';
import type { ProgressSource } from './progress.ts';

/** The observation of the version in use, with the known facts about how it came there. */
export interface CurrentLook extends ProgressSource {
  readonly secret: Secret;
  readonly now: Instant;
  /** The version that was pending before this look. */
  readonly pendingBefore: string | undefined;
  /** ARNs of those who may write values outside rotations. */
  readonly expectedWriters: readonly string[];
}

/** The event of a call and a look at what it did lie no further apart. */
export const ABOUT_MS: number = 15 * MINUTE;

/** Whether a version was seen AWSPENDING, or a rotation is known to have made it. */
export function isOfRotation(versionId: string, look: CurrentLook): boolean {
  const { secret, evidence, progress = [], pendingBefore } = look;
  if (versionId === pendingBefore || versionId === pendingVersion(secret.versionStages)) return true;
  if (progress.some((each) => each.versionId === versionId)) return true;
  return evidence.some((fact) => fact.versionId === versionId && isRotations(fact, secret));
}

/** A call that puts AWSPENDING on a version has seen it so; a label of anybody's own proves no rotation. */
function isRotations(fact: Evidence, secret: Secret): boolean {
  if (fact.kind !== 'secret-changed')
    return fact.kind.startsWith('rotation-') || fact.kind.startsWith('pending-');
  if (fact.operation === 'RotateSecret') return true;
  return fact.makesPending === true || isByFunction(fact, secret);
}

/**
 * Whether a function has moved the label. It works in a session of its role that has its name; whoever assumes a role
 * chooses that name, so that a value put under it proves nothing.
 */
function isByFunction({ operation, actor }: Evidence, { rotationFunctionArn }: Secret): boolean {
  if (operation !== 'UpdateSecretVersionStage') return false;
  const name = /:function:([^:]+)/.exec(rotationFunctionArn ?? '')?.[1];
  return name !== undefined && actor?.includes(':assumed-role/') === true && actor.endsWith(`/${name}`);
}

/** UpdateSecret may not name the version that it makes. */
export const putsInUse = ({ operation, versionId, makesCurrent }: Evidence, inUse: string): boolean =>
  makesCurrent === true && (versionId === inUse || (operation === 'UpdateSecret' && versionId === undefined));

/** Returns the call that put a version in use which was first seen so at a time; undefined where no event reports it. */
export function writerOf(
  { versionId, seenAt }: { readonly versionId: string; readonly seenAt: Instant },
  { evidence }: CurrentLook,
): Evidence | undefined {
  const writes = evidence.filter(
    (fact) => putsInUse(fact, versionId) && Math.abs(fact.at - seenAt) <= ABOUT_MS,
  );
  return writes.findLast((fact) => fact.versionId === versionId) ?? writes.at(-1);
}

/**
 * Whether whoever put a value in use may: a writer of the settings, or CloudFormation, which puts a value once it has
 * attached a secret to its database. That deployments overwrite values is another call.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secrettargetattachment.html
 */
export function isExpected({ operation, actor, via }: Evidence, { expectedWriters }: CurrentLook): boolean {
  if (operation === 'PutSecretValue' && via === 'cloudformation.amazonaws.com') return true;
  return actor !== undefined && expectedWriters.some((writer) => isWriter(actor, writer));
}

/** A writer is an ARN, the beginning of one with `*` behind it, or the ARN of a role for all of its sessions. */
function isWriter(actor: string, writer: string): boolean {
  if (writer.endsWith('*')) return actor.startsWith(writer.slice(0, -1));
  return actor === writer || (roleOf(actor) !== undefined && roleOf(actor) === roleOf(writer));
}

/** Account and name of a role, whether its own ARN is given or that of a session; paths do not stand in the latter. */
function roleOf(arn: string): string | undefined {
  const [, account, ofSession, ofRole] =
    /^arn:[\w-]+:(?:sts|iam)::(\d{12}):(?:assumed-role\/([^/]+)\/|role\/(?:.*\/)?([^/]+)$)/.exec(arn) ?? [];
  const name = ofSession ?? ofRole;
  return name === undefined ? undefined : `${account} ${name}`;
}

import { type CommandWord, commandLine } from '../command-line.ts';
import type { RotationRules, Secret } from '../secret/secret.ts';
import { pendingApart, pendingVersion } from '../secret/version-stage.ts';
import { shellQuote } from '../shell-quote.ts';

/** The secret that a command is about. */
type Named = Pick<Secret, 'arn' | 'region'>;

const secretLine = ({ arn, region }: Named, operation: string, ...rest: readonly CommandWord[]): string =>
  commandLine('aws', 'secretsmanager', operation, ['--secret-id', arn], ...rest, ['--region', region]);

/** Shows stages, dates and settings of a secret. */
export const describeSecret = (secret: Secret): string => secretLine(secret, 'describe-secret');

/** Shows a secret of this name in another region. */
export const describeNamed = (name: string, region: string): string =>
  commandLine('aws', 'secretsmanager', 'describe-secret', ['--secret-id', name], ['--region', region]);

/** Copies a secret to another region once more. */
export const replicateTo = (secret: Secret, replica: string): string =>
  secretLine(secret, 'replicate-secret-to-regions', ['--add-replica-regions', replica]);

/** Shows every version, also those without a stage. */
export const listVersions = (secret: Secret): string =>
  secretLine(secret, 'list-secret-version-ids', '--include-deprecated');

/** Starts a rotation now and switches rotation on if it is off. */
export const rotateSecret = (secret: Named): string => secretLine(secret, 'rotate-secret');

/** Tests the rotation settings and lets the next rotation come by schedule. */
export const testRotation = (secret: Secret): string =>
  secretLine(secret, 'rotate-secret', '--no-rotate-immediately');

/** Lets a secret rotate every so many days, and tests its rotation without rotating. */
export const scheduleEvery = (secret: Secret, days: number): string =>
  secretLine(secret, 'rotate-secret', '--no-rotate-immediately', [
    '--rotation-rules',
    JSON.stringify({ ScheduleExpression: `rate(${days} ${days === 1 ? 'day' : 'days'})` }),
  ]);

/**
 * Gives a managed rotation a schedule, which switches it on.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_managed.html
 */
export const scheduleManaged = (
  secret: Secret,
  { scheduleExpression, automaticallyAfterDays, duration }: Partial<RotationRules>,
  flags: readonly string[],
): string =>
  secretLine(secret, 'rotate-secret', ...flags, [
    '--rotation-rules',
    JSON.stringify({
      ...(scheduleExpression === undefined
        ? { AutomaticallyAfterDays: automaticallyAfterDays }
        : { ScheduleExpression: scheduleExpression }),
      ...(duration === undefined ? {} : { Duration: duration }),
    }),
  ]);

/** Takes a secret back that is scheduled for deletion. */
export const restoreSecret = (secret: Secret): string => secretLine(secret, 'restore-secret');

/** Removes AWSPENDING from a version. */
export const removePending = (secret: Secret, versionId: string): string =>
  removeLabel(secret, 'AWSPENDING', versionId);

/** Puts AWSPENDING back on a version that lost it; no rotation in progress loses it, only the version in use. */
export function restorePending(secret: Secret, versionId: string): string {
  const { versionStages } = secret;
  const from = pendingApart(versionStages) === undefined ? pendingVersion(versionStages) : undefined;
  return moveLabel(secret, 'AWSPENDING', { to: versionId, from });
}

/** Puts a label that no version carries on a version. */
export const putLabel = (secret: Secret, label: string, versionId: string): string =>
  moveLabel(secret, label, { to: versionId });

/** Takes a label off a version. */
export const removeLabel = (secret: Named, label: string, versionId: string): string =>
  moveLabel(secret, label, { from: versionId });

/** Makes a version the one in use, in place of the one that is. */
export const promote = (secret: Secret, versionId: string, currentVersionId: string | undefined): string =>
  moveLabel(secret, 'AWSCURRENT', { to: versionId, from: currentVersionId });

/**
 * Words that the AWS CLI takes for an option, a file or an address by their beginning. Callers choose version ids and
 * labels; version 1 of the CLI would fetch the address and send what is found there as the version id.
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-file.html
 */
const MISREAD = /^-|^(?:fileb?|https?):\/\//;

/** Moves a label. A word that the CLI would misread stands within JSON, whose texts it takes as they are. */
function moveLabel(
  secret: Named,
  label: string,
  { to, from }: { readonly to?: string; readonly from?: string | undefined },
): string {
  const operation = 'update-secret-version-stage';
  if ([label, to, from].some((word) => word !== undefined && MISREAD.test(word))) {
    const { arn: SecretId, region } = secret;
    const input = { SecretId, VersionStage: label, MoveToVersionId: to, RemoveFromVersionId: from };
    const json = JSON.stringify(input);
    return commandLine('aws', 'secretsmanager', operation, ['--cli-input-json', json], ['--region', region]);
  }
  return secretLine(
    secret,
    operation,
    ['--version-stage', label],
    ...(to === undefined ? [] : [['--move-to-version-id', to] as const]),
    ...(from === undefined ? [] : [['--remove-from-version-id', from] as const]),
  );
}

/** Shows who called which API on the secret. */
export const lookUpCalls = ({ arn, region }: Secret): string =>
  commandLine(
    'aws',
    'cloudtrail',
    'lookup-events',
    ['--lookup-attributes', `AttributeKey=ResourceName,AttributeValue=${arn}`],
    ['--region', region],
  );

/** Find the database or cluster of a secret that Amazon RDS manages, and how RDS sees the secret. */
export const findDatabase = (secret: Secret): readonly string[] => [
  rdsLine(secret, 'describe-db-instances', 'DBInstances', 'DBInstanceIdentifier'),
  rdsLine(secret, 'describe-db-clusters', 'DBClusters', 'DBClusterIdentifier'),
];

/** Let Amazon RDS rotate the secret of the database or cluster, which the command itself looks up. */
export const rotateDatabase = (secret: Secret): readonly string[] => [
  rotateLine(secret, 'instance', 'DBInstances', 'DBInstanceIdentifier'),
  rotateLine(secret, 'cluster', 'DBClusters', 'DBClusterIdentifier'),
];

function rotateLine({ arn, region }: Secret, what: string, list: string, identifier: string): string {
  const query = `${list}[?MasterUserSecret.SecretArn=='${arn}'].${identifier}`;
  const find = `aws rds describe-db-${what}s --query ${shellQuote(query)} --output text --region ${region}`;
  const about = `aws rds modify-db-${what} --db-${what}-identifier "$(${find})"`;
  return `${about} --rotate-master-user-password --apply-immediately --region ${region}`;
}

function rdsLine({ arn, region }: Secret, operation: string, list: string, identifier: string): string {
  const query = `${list}[?MasterUserSecret.SecretArn=='${arn}'].[${identifier},MasterUserSecret.SecretStatus]`;
  return commandLine('aws', 'rds', operation, ['--query', query], ['--region', region]);
}

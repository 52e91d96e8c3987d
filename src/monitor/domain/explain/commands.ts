import type { Instant } from '../../../calendar/instant.ts';
import type { RotationStep } from '../rotation/rotation-event.ts';
import type { Secret } from '../secret/secret.ts';
import { shellQuote } from '../shell-quote.ts';

const line = (...words: readonly string[]): string => words.map(shellQuote).join(' ');

const secretLine = ({ arn, region }: Secret, operation: string, ...rest: readonly string[]): string =>
  line('aws', 'secretsmanager', operation, '--secret-id', arn, ...rest, '--region', region);

/** Shows stages, dates and settings of a secret. */
export const describeSecret = (secret: Secret): string => secretLine(secret, 'describe-secret');

/** Shows every version, also those without a stage. */
export const listVersions = (secret: Secret): string =>
  secretLine(secret, 'list-secret-version-ids', '--include-deprecated');

/** Starts a rotation now and switches rotation on if it is off. */
export const rotateSecret = (secret: Secret): string => secretLine(secret, 'rotate-secret');

/** Tests the rotation settings and lets the next rotation come by schedule. */
export const testRotation = (secret: Secret): string =>
  secretLine(secret, 'rotate-secret', '--no-rotate-immediately');

/** Lets a secret rotate every so many days, and tests its rotation without rotating. */
export const scheduleEvery = (secret: Secret, days: number): string =>
  secretLine(
    secret,
    'rotate-secret',
    '--no-rotate-immediately',
    '--rotation-rules',
    JSON.stringify({ ScheduleExpression: `rate(${days} ${days === 1 ? 'day' : 'days'})` }),
  );

/** Takes a secret back that is scheduled for deletion. */
export const restoreSecret = (secret: Secret): string => secretLine(secret, 'restore-secret');

/** Takes AWSPENDING off a version. */
export const removePending = (secret: Secret, versionId: string): string =>
  secretLine(
    secret,
    'update-secret-version-stage',
    '--version-stage',
    'AWSPENDING',
    '--remove-from-version-id',
    versionId,
  );

/** Puts AWSPENDING back on a version that lost it. */
export const restorePending = (secret: Secret, versionId: string): string =>
  secretLine(
    secret,
    'update-secret-version-stage',
    '--version-stage',
    'AWSPENDING',
    '--move-to-version-id',
    versionId,
  );

/** Makes a version the one in use, in place of the one that is. */
export function promote(secret: Secret, versionId: string, currentVersionId: string | undefined): string {
  const from = currentVersionId === undefined ? [] : ['--remove-from-version-id', currentVersionId];
  return secretLine(
    secret,
    'update-secret-version-stage',
    '--version-stage',
    'AWSCURRENT',
    '--move-to-version-id',
    versionId,
    ...from,
  );
}

/**
 * Runs one step of the rotation function for a version. Version 2 of the AWS CLI takes a payload on the command line for
 * base64, version 1 for the text itself, and each refuses the other's options; what `fileb://` names both take as it is.
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-file.html
 */
export function invokeStep(
  { arn, region }: Secret,
  functionArn: string,
  step: RotationStep,
  versionId: string,
): string {
  const payload = JSON.stringify({ Step: step, SecretId: arn, ClientRequestToken: versionId });
  const about = ['--function-name', functionArn, '--payload', 'fileb:///dev/stdin', '--region', region];
  return `${line('aws', 'lambda', 'invoke', ...about, '/dev/stdout')} <<< ${shellQuote(payload)}`;
}

/**
 * Shows what a rotation function has logged since a moment; `logs tail` would read better, but version 1 of the AWS CLI
 * does not have it. https://docs.aws.amazon.com/cli/latest/reference/logs/filter-log-events.html
 */
export const showLogs = ({ region }: Secret, functionArn: string, since: Instant): string =>
  line(
    'aws',
    'logs',
    'filter-log-events',
    '--log-group-name',
    `/aws/lambda/${functionName(functionArn)}`,
    '--start-time',
    String(since),
    '--query',
    'events[].message',
    '--output',
    'text',
    '--region',
    region,
  );

/** Shows who may invoke a rotation function. */
export const showFunctionPolicy = ({ region }: Secret, functionArn: string): string =>
  line('aws', 'lambda', 'get-policy', '--function-name', functionArn, '--region', region);

/** Shows whether a rotation function exists and can be invoked; its environment is left out. */
export const showFunctionState = ({ region }: Secret, functionArn: string): string =>
  line(
    'aws',
    'lambda',
    'get-function-configuration',
    '--function-name',
    functionArn,
    '--query',
    '[State,StateReason,Runtime,Timeout,LastModified]',
    '--region',
    region,
  );

/**
 * Lets Secrets Manager invoke a rotation function for secrets of the account.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
 */
export const permitRotation = ({ account, region }: Secret, functionArn: string): string =>
  line(
    'aws',
    'lambda',
    'add-permission',
    '--function-name',
    functionArn,
    '--statement-id',
    'SecretsManagerRotation',
    '--action',
    'lambda:InvokeFunction',
    '--principal',
    'secretsmanager.amazonaws.com',
    '--source-account',
    account,
    '--region',
    region,
  );

/** Lets a rotation function run ten times at once, which is what a rotation of a few secrets takes. */
export const reserveConcurrency = ({ region }: Secret, functionArn: string): string =>
  line(
    'aws',
    'lambda',
    'put-function-concurrency',
    '--function-name',
    functionArn,
    '--reserved-concurrent-executions',
    '10',
    '--region',
    region,
  );

/** Shows who called which API on the secret. */
export const lookUpCalls = ({ arn, region }: Secret): string =>
  line(
    'aws',
    'cloudtrail',
    'lookup-events',
    '--lookup-attributes',
    `AttributeKey=ResourceName,AttributeValue=${arn}`,
    '--region',
    region,
  );

/** Find the database or cluster of a secret that Amazon RDS manages, and how RDS sees the secret. */
export const findDatabase = (secret: Secret): readonly string[] => [
  rdsLine(secret, 'describe-db-instances', 'DBInstances', 'DBInstanceIdentifier'),
  rdsLine(secret, 'describe-db-clusters', 'DBClusters', 'DBClusterIdentifier'),
];

function rdsLine({ arn, region }: Secret, operation: string, list: string, identifier: string): string {
  const query = `${list}[?MasterUserSecret.SecretArn=='${arn}'].[${identifier},MasterUserSecret.SecretStatus]`;
  return line('aws', 'rds', operation, '--query', query, '--region', region);
}

const functionName = (functionArn: string): string =>
  /:function:([^:]+)/.exec(functionArn)?.[1] ?? functionArn;

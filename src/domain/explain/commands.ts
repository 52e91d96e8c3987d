import type { RotationStep } from '../rotation-event.ts';
import type { Secret } from '../secret.ts';
import { shellQuote } from './shell-quote.ts';

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

/** Runs one step of the rotation function for a version. */
export const invokeStep = (
  secret: Secret,
  functionArn: string,
  step: RotationStep,
  versionId: string,
): string =>
  line(
    'aws',
    'lambda',
    'invoke',
    '--function-name',
    functionArn,
    '--payload',
    JSON.stringify({ Step: step, SecretId: secret.arn, ClientRequestToken: versionId }),
    '--cli-binary-format',
    'raw-in-base64-out',
    '--region',
    secret.region,
    '/dev/stdout',
  );

/** Shows the last hours of a rotation function's log. */
export const tailLogs = ({ region }: Secret, functionArn: string): string =>
  line(
    'aws',
    'logs',
    'tail',
    `/aws/lambda/${functionName(functionArn)}`,
    '--since',
    '3h',
    '--region',
    region,
  );

/** Shows who may invoke a rotation function. */
export const showFunctionPolicy = ({ region }: Secret, functionArn: string): string =>
  line('aws', 'lambda', 'get-policy', '--function-name', functionArn, '--region', region);

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

import type { Instant } from '../../../calendar/instant.ts';
import { type CommandWord, commandLine } from '../command-line.ts';
import type { RotationStep } from '../rotation/rotation-event.ts';
import type { Secret } from '../secret/secret.ts';
import { shellQuote } from '../shell-quote.ts';

/**
 * Runs a function with some JSON and keeps its answer in a file. Version 2 of the AWS CLI takes a payload on the command
 * line for base64, version 1 for the text itself, and each refuses the other's options; what `fileb://` names both take
 * as it is. Without `--cli-read-timeout 0` the CLI gives up after a minute and invokes the function a second time.
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-file.html
 * https://docs.aws.amazon.com/cli/latest/reference/lambda/invoke.html
 */
export function invoke(
  functionArn: string,
  region: string,
  { payload, answerFile }: { readonly payload: object; readonly answerFile: string },
): string {
  const words: readonly CommandWord[] = [
    ['--function-name', functionArn],
    ['--payload', 'fileb:///dev/stdin'],
    ['--cli-read-timeout', '0'],
    ['--region', region],
    answerFile,
  ];
  return `${commandLine('aws', 'lambda', 'invoke', ...words)} <<< ${shellQuote(JSON.stringify(payload))}`;
}

/** Runs one step of the rotation function for a version; the answer is kept in a file named like the step. */
export const invokeStep = (
  { arn, region }: Secret,
  functionArn: string,
  step: RotationStep,
  versionId: string,
): string =>
  invoke(functionArn, region, {
    payload: { Step: step, SecretId: arn, ClientRequestToken: versionId },
    answerFile: `${step}.json`,
  });

/**
 * Shows what a rotation function has logged since a moment; `logs tail` would read better, but version 1 of the AWS CLI
 * does not have it. https://docs.aws.amazon.com/cli/latest/reference/logs/filter-log-events.html
 */
export const showLogs = ({ region }: Secret, logGroup: string, since: Instant): string =>
  commandLine(
    'aws',
    'logs',
    'filter-log-events',
    ['--log-group-name', logGroup],
    ['--start-time', String(since)],
    ['--query', 'events[].message'],
    ['--output', 'text'],
    ['--region', region],
  );

/** The group that a function logs to unless its configuration names another. */
export const usualLogGroup = (functionArn: string): string => `/aws/lambda/${functionName(functionArn)}`;

/** Names the group that a function logs to. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html */
export const showLogGroup = ({ region }: Secret, functionArn: string): string =>
  commandLine(
    'aws',
    'lambda',
    'get-function-configuration',
    ['--function-name', functionArn],
    ['--query', 'LoggingConfig.LogGroup'],
    ['--output', 'text'],
    ['--region', region],
  );

/** Shows who may invoke a rotation function. */
export const showFunctionPolicy = ({ region }: Secret, functionArn: string): string =>
  commandLine('aws', 'lambda', 'get-policy', ['--function-name', functionArn], ['--region', region]);

/** Shows whether a rotation function exists and can be invoked; its environment is left out. */
export const showFunctionState = ({ region }: Secret, functionArn: string): string =>
  commandLine(
    'aws',
    'lambda',
    'get-function-configuration',
    ['--function-name', functionArn],
    ['--query', '[State,StateReason,Runtime,Timeout,LastModified]'],
    ['--region', region],
  );

/**
 * Lets Secrets Manager invoke a rotation function for secrets of the account. The statement is named after a moment, so
 * that its name is not taken by an older one that lets too little.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
 */
export const permitRotation = ({ account, region }: Secret, functionArn: string, at: Instant): string =>
  commandLine(
    'aws',
    'lambda',
    'add-permission',
    ['--function-name', functionArn],
    ['--statement-id', `SecretsManagerRotation-${at}`],
    ['--action', 'lambda:InvokeFunction'],
    ['--principal', 'secretsmanager.amazonaws.com'],
    ['--source-account', account],
    ['--region', region],
  );

/**
 * Lets a function run again whose reserved concurrency is 0. A new reservation would be refused where fewer than 100
 * are left to the account; and the API takes no alias.
 * https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionConcurrency.html
 */
export const releaseConcurrency = ({ region }: Secret, functionArn: string): string =>
  commandLine(
    'aws',
    'lambda',
    'delete-function-concurrency',
    ['--function-name', functionArn.split(':').slice(0, 7).join(':')],
    ['--region', region],
  );

const functionName = (functionArn: string): string =>
  /:function:([^:]+)/.exec(functionArn)?.[1] ?? functionArn;

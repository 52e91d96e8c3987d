import { Aws, Names } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Longest name of a function. https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
const MAX_LENGTH = 64;

/**
 * The name of a handler's function. It is given rather than generated, because operators type it, and because
 * `check-secret` has to know itself: it schedules its own next run.
 */
export function functionName(monitor: Construct, handlerName: string): string {
  const maxLength = MAX_LENGTH - handlerName.length - 1;
  return `${Names.uniqueResourceName(monitor, { maxLength, separator: '-', allowedSpecialCharacters: '-' })}-${handlerName}`;
}

/** The ARN of the function with this name. */
export const functionArn = (name: string): string =>
  `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:${name}`;

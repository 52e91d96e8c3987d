import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { RESOURCE_SETTINGS } from '../../src/monitor/config/resource-settings.ts';
import { variableOf } from '../../src/monitor/config/setting.ts';
import { DeploymentError } from './deployment-error.ts';

/**
 * Largest size of all variables of a function, in bytes.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_BYTES = 4096;

const MEMBERS = variableOf(RESOURCE_SETTINGS.members);

/** The longest that pseudo parameters become. */
const PSEUDO: Readonly<Record<string, number>> = {
  'AWS::AccountId': 12,
  'AWS::Partition': 'aws-us-gov'.length,
  'AWS::Region': 'ap-southeast-2'.length,
  'AWS::URLSuffix': 'amazonaws.com.cn'.length,
};

/** Beside stack name and logical id, the URL of a queue: nothing longer is referred to. */
const REFERENCE = 'https://sqs.ap-southeast-2.amazonaws.com/111122223333/--1A2B3C4D5E6F'.length;

/**
 * Throws when the variables cannot fit into the environment of a function; a value known only at deployment is taken at
 * its longest.
 */
export function checkEnvironmentSize(scope: Construct, variables: Readonly<Record<string, string>>): void {
  const bytes = environmentSize(scope, variables);
  if (bytes <= MAX_BYTES) return;
  const text = variables[MEMBERS]?.length ?? 0;
  throw new DeploymentError(
    `The settings need up to ${bytes} bytes, ${text} of them for the list of members, and the environment of a function holds ${MAX_BYTES}: name organizational units instead of accounts, or choose shorter names`,
  );
}

/** Returns the largest size of the variables' names and values, in bytes. */
export function environmentSize(scope: Construct, variables: Readonly<Record<string, string>>): number {
  const stack = Stack.of(scope);
  return Object.entries(variables).reduce(
    (sum, [name, value]) => sum + name.length + longest(stack.resolve(value), stack.stackName),
    0,
  );
}

/** Returns the largest size of a resolved value, in bytes. */
export function longest(value: unknown, stackName: string): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + longest(each, stackName), 0);
  if (typeof value !== 'object' || value === null) return 0;
  const [[name, argument] = ['', undefined]] = Object.entries(value);
  if (name === 'Fn::Join' && Array.isArray(argument)) {
    const [separator, parts] = argument;
    return longest(parts, stackName) + String(separator).length * Object.keys(parts).length;
  }
  const id = String(Array.isArray(argument) ? argument[0] : argument);
  return PSEUDO[id] ?? REFERENCE + stackName.length + id.length;
}

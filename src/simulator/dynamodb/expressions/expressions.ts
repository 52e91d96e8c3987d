import { refusal } from '../values/refusal.ts';
import { BareError, type KeyCondition, readKeyConditions } from './key-condition.ts';
import { mustBeApart, type Path, readPaths } from './path.ts';
import { Placeholders } from './placeholders.ts';
import { type Condition, readCondition } from './read-condition.ts';
import { type Change, readUpdate } from './read-update.ts';
import { ExpressionError, Tokens } from './tokens.ts';

/** The parameters of a request that are expressions, and what their placeholders stand for. */
export interface GivenExpressions {
  readonly ConditionExpression?: string | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly KeyConditionExpression?: string | undefined;
  readonly FilterExpression?: string | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: unknown;
}

/** The expressions of a request, read; what was not given is undefined. */
export interface Expressions {
  readonly condition: Condition | undefined;
  readonly update: readonly Change[] | undefined;
  readonly key: readonly KeyCondition[] | undefined;
  readonly filter: Condition | undefined;
  readonly projection: readonly Path[] | undefined;
}

const PARAMETERS = [
  'UpdateExpression',
  'ConditionExpression',
  'KeyConditionExpression',
  'FilterExpression',
  'ProjectionExpression',
] as const;

/** A parameter that is an expression. */
export type ExpressionParameter = (typeof PARAMETERS)[number];

/** Reads all expressions of a request, which may have those that it `takes`; refuses placeholders that stand for nothing or that nothing uses. */
export function readExpressions(given: GivenExpressions, takes: readonly ExpressionParameter[]): Expressions {
  mustHaveUse(given, takes);
  const placeholders = new Placeholders(given.ExpressionAttributeNames, given.ExpressionAttributeValues);
  const read = <T>(
    parameter: ExpressionParameter,
    reader: (text: string, placeholders: Placeholders) => T,
  ) => {
    const text = given[parameter];
    return text === undefined ? undefined : explained(parameter, () => reader(text, placeholders));
  };
  const expressions = {
    update: read('UpdateExpression', readUpdate),
    condition: read('ConditionExpression', readCondition),
    key: read('KeyConditionExpression', readKeyConditions),
    filter: read('FilterExpression', readCondition),
    projection: read('ProjectionExpression', readProjection),
  };
  placeholders.mustBeUsed();
  return expressions;
}

function readProjection(text: string, placeholders: Placeholders): readonly Path[] {
  const tokens = new Tokens(text);
  const paths = readPaths(tokens, placeholders);
  tokens.end();
  mustBeApart(paths);
  return paths;
}

function explained<T>(parameter: ExpressionParameter, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof BareError) throw refusal(error.message);
    throw error instanceof ExpressionError ? refusal(`Invalid ${parameter}: ${error.message}`) : error;
  }
}

function mustHaveUse(given: GivenExpressions, takes: readonly ExpressionParameter[]): void {
  if (given.ExpressionAttributeNames !== undefined && takes.every((name) => given[name] === undefined)) {
    throw refusal('ExpressionAttributeNames can only be specified when using expressions');
  }
  const compare = takes.filter((name) => name !== 'ProjectionExpression');
  if (given.ExpressionAttributeValues === undefined || compare.some((name) => given[name] !== undefined))
    return;
  throw refusal(
    `ExpressionAttributeValues can only be specified when using expressions: ${compare.join(' and ')} ${compare.length > 1 ? 'are' : 'is'} null`,
  );
}

import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';

/** The requester, in the terms of policies. */
export interface Requester {
  /** Every ARN that names the requester: account root, role, session. */
  readonly principals: readonly string[];
  /** The service that asks, if one does: `sns.amazonaws.com`. */
  readonly services?: readonly string[];
  /**
   * Values for conditions, by key in lower case, such as `sts:externalid`; a list where a key has several values,
   * undefined where the request has no such key.
   */
  readonly keys: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** One statement of a policy. */
export interface Statement {
  readonly Sid?: string | undefined;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal: '*' | Readonly<Record<string, readonly string[]>>;
  readonly Action: readonly string[];
  readonly Condition: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** A policy of a resource. What its statements say of resources is not read: it belongs to one. */
export interface Policy {
  readonly Statement: readonly Statement[];
}

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const statement = z.looseObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z.union([z.literal('*'), z.record(z.string(), texts)]),
  Action: texts,
  Condition: z.record(z.string(), z.record(z.string(), texts)).default({}),
});
const document = z.looseObject({
  Statement: z.union([statement.transform((one) => [one]), z.array(statement)]),
});

/** Policies by their texts: a queue is asked for its own at every message; what a test makes up stays bounded. */
const READ_MAX = 1000;
const read = new Map<string, Policy>();

/**
 * Reads a policy from JSON text or an object; fails as IAM does when it is none, or contains conditions that the
 * simulator does not know.
 */
export function readPolicy(source: unknown): Policy {
  if (typeof source !== 'string') return checkedPolicy(source);
  const policy = read.get(source) ?? checkedPolicy(parsedJson(source));
  if (read.size >= READ_MAX) read.clear();
  read.set(source, policy);
  return policy;
}

function checkedPolicy(source: unknown): Policy {
  const outcome = document.safeParse(source);
  if (!outcome.success) throw malformed('This policy contains invalid Json');
  for (const { Condition } of outcome.data.Statement) {
    const unknown = Object.keys(Condition).find(
      (operator) => !Object.hasOwn(OPERATORS, comparisonOf(operator)),
    );
    if (unknown !== undefined) throw malformed(`The simulator does not know the operator ${unknown}`);
  }
  return outcome.data;
}

const malformed = (message: string): AwsError => new AwsError('MalformedPolicyDocument', message);

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a policy lets the requester do something: a statement allows it and none denies it. */
export function permits({ Statement }: Policy, action: string, requester: Requester): boolean {
  const matching = Statement.filter((each) => concerns(each, action, requester));
  return (
    matching.some(({ Effect }) => Effect === 'Allow') && matching.every(({ Effect }) => Effect === 'Allow')
  );
}

const concerns = (
  { Principal, Action, Condition }: Statement,
  action: string,
  requester: Requester,
): boolean =>
  Action.some((pattern) => like(pattern.toLowerCase(), action.toLowerCase())) &&
  names(Principal, requester) &&
  Object.entries(Condition).every(([operator, wanted]) =>
    Object.entries(wanted).every(([key, values]) =>
      holds(operator, values, requester.keys[key.toLowerCase()]),
    ),
  );

/**
 * A key with several values is compared by an operator for sets alone.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
function holds(
  operator: string,
  values: readonly string[],
  found: string | readonly string[] | undefined,
): boolean {
  const isForSets = operator !== comparisonOf(operator);
  if (found === undefined || (typeof found !== 'string' && !isForSets)) return false;
  const compare = OPERATORS[comparisonOf(operator)];
  return [found].flat().some((each) => values.some((value) => compare?.(value, each) ?? false));
}

const comparisonOf = (operator: string): string => operator.replace(/^ForAnyValue:/, '');

/** An account may stand for its root: `111122223333`. */
const names = (principal: Statement['Principal'], { principals, services = [] }: Requester): boolean =>
  principal === '*' ||
  (principal['Service'] ?? []).some((wanted) => services.includes(wanted)) ||
  (principal['AWS'] ?? []).some(
    (wanted) =>
      wanted === '*' || principals.includes(wanted) || principals.includes(`arn:aws:iam::${wanted}:root`),
  );

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATORS: Readonly<Record<string, (wanted: string, found: string) => boolean>> = {
  StringEquals: (wanted, found) => wanted === found,
  StringEqualsIgnoreCase: (wanted, found) => wanted.toLowerCase() === found.toLowerCase(),
  StringLike: (wanted, found) => like(wanted, found),
  Bool: (wanted, found) => wanted.toLowerCase() === found.toLowerCase(),
  ArnEquals: (wanted, found) => like(wanted, found),
  ArnLike: (wanted, found) => like(wanted, found),
};

/** Matches as IAM does: `*` is any text, `?` any character. */
function like(pattern: string, text: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === text;
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(text);
}

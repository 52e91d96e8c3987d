import { AwsError } from '../call/aws-error.ts';
import { compilePattern, type EventPattern, matchesPattern } from '../eventbridge/pattern.ts';
import { invalidParameter } from './errors.ts';
import type { Publication, SnsAttribute, Subscription } from './topic.ts';

/**
 * Reads a filter policy; its operators are those of event patterns.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
export function compileFilterPolicy(text: string): EventPattern {
  try {
    return compilePattern(text);
  } catch (error) {
    if (error instanceof AwsError) throw invalidParameter(`FilterPolicy: ${error.message}`);
    throw error;
  }
}

/** Whether the subscription wants the message. */
export function wants({ filter, attributes, protocol }: Subscription, publication: Publication): boolean {
  if (filter === undefined) return true;
  const scope = attributes.get('FilterPolicyScope') ?? 'MessageAttributes';
  if (scope === 'MessageBody') return matchesPattern(filter, parsed(publication.messageFor(protocol)));
  const values = attributeValues(publication.attributes);
  return refusalsIn(attributes.get('FilterPolicy') ?? '{}').every(([name, rules]) => {
    const value = values[name];
    return !Array.isArray(value) || takes(name, rules, value);
  })
    ? matchesPattern(filter, values)
    : false;
}

/** The properties of a policy that have an anything-but among their rules. */
function refusalsIn(policy: string): readonly (readonly [string, readonly unknown[]])[] {
  const properties = parsed(policy);
  if (typeof properties !== 'object' || properties === null) return [];
  return Object.entries(properties).flatMap(([name, rules]) =>
    Array.isArray(rules) && rules.some(refuses) ? [[name, rules] as const] : [],
  );
}

const refuses = (rule: unknown): boolean =>
  typeof rule === 'object' && rule !== null && Object.hasOwn(rule, 'anything-but');

/**
 * Whether one of the rules takes a String.Array: anything-but does when it takes all of its elements, any other when it
 * takes one. An event bus takes an array when anything-but takes one.
 * https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html
 */
const takes = (name: string, rules: readonly unknown[], list: readonly unknown[]): boolean =>
  rules.some((rule) => {
    const pattern = compilePattern(JSON.stringify({ [name]: [rule] }));
    const matches = (value: unknown) => matchesPattern(pattern, { [name]: value });
    return refuses(rule) ? list.every(matches) : matches(list);
  });

const attributeValues = (attributes: Publication['attributes']): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(attributes).map(([name, attribute]) => [name, textOrNumber(attribute)]));

function textOrNumber({ DataType, StringValue = '' }: SnsAttribute): unknown {
  if (DataType.startsWith('Number')) return Number(StringValue);
  return DataType === 'String.Array' ? parsed(StringValue) : StringValue;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

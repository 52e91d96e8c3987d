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
  const subject =
    scope === 'MessageBody'
      ? parsed(publication.messageFor(protocol))
      : attributeValues(publication.attributes);
  return matchesPattern(filter, subject);
}

const attributeValues = (attributes: Publication['attributes']): unknown =>
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

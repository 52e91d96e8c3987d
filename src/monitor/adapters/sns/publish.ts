import { PublishCommand, type PublishCommandInput, type SNSClient } from '@aws-sdk/client-sns';
import type { Message } from '../../domain/message/message.ts';
import type { Delivery } from '../../ports/tell/notifier.ts';
import { failureOf } from '../aws/failure-of.ts';

/** SNS takes 256 KiB with attributes; 8 KiB are left for those. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export const MAX_MESSAGE_BYTES: number = 248 * 1024;

/** A message and its topic; text and subject are within SNS's limits. */
export interface Publication {
  readonly topicArn: string;
  readonly subject?: string;
  readonly text: string;
  /** Text for text messages, where phones may be subscribed to the topic. */
  readonly sms?: string;
  readonly attributes: Message['attributes'];
}

/** Publishes one message and says what became of it. */
export async function publish(
  client: SNSClient,
  { topicArn, subject, text, sms, attributes }: Publication,
): Promise<Delivery> {
  try {
    await client.send(
      new PublishCommand({
        TopicArn: topicArn,
        ...messageOf(text, sms),
        MessageAttributes: forSns(attributes),
        ...(subject === undefined ? {} : { Subject: subject }),
      }),
    );
    return { kind: 'delivered' };
  } catch (error) {
    return { kind: 'failed', ...failureOf(error) };
  }
}

/** A text of its own for SMS. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const messageOf = (
  text: string,
  sms: string | undefined,
): Pick<PublishCommandInput, 'Message' | 'MessageStructure'> =>
  sms === undefined
    ? { Message: text }
    : { Message: JSON.stringify({ default: text, sms }), MessageStructure: 'json' };

/** A list becomes a String.Array: a filter takes it when it takes one of its values. https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html */
const forSns = (
  attributes: Message['attributes'],
): Record<string, { DataType: string; StringValue: string }> =>
  Object.fromEntries(
    Object.entries(attributes)
      .filter(([, value]) => value.length > 0)
      .map(([name, value]) => [name, typeof value === 'string' ? text(value) : list(value)]),
  );

const text = (StringValue: string) => ({ DataType: 'String', StringValue });
const list = (values: readonly string[]) => ({
  DataType: 'String.Array',
  StringValue: JSON.stringify(values),
});

import type { Instant } from '../../calendar/instant.ts';
import type { Publication, SnsAttribute, Subscription } from './topic.ts';

/** Signature fields of every SNS message; nothing is signed here. */
export const UNSIGNED = {
  SignatureVersion: '1',
  Signature: 'simulated',
  SigningCertURL: 'https://sns.invalid/SimpleNotificationService.pem',
} as const;

/**
 * A notification as subscribers get it that did not ask for raw messages.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
export function notificationOf(
  { arn }: Pick<Subscription, 'arn'>,
  { publication, message, now }: { publication: Publication; message: string; now: Instant },
): object {
  return {
    Type: 'Notification',
    MessageId: publication.messageId,
    TopicArn: publication.topicArn,
    ...(publication.subject !== undefined && { Subject: publication.subject }),
    Message: message,
    Timestamp: new Date(now).toISOString(),
    ...UNSIGNED,
    UnsubscribeURL: `https://sns.invalid/?Action=Unsubscribe&SubscriptionArn=${arn}`,
    ...(Object.keys(publication.attributes).length > 0 && {
      MessageAttributes: envelopeAttributes(publication.attributes),
    }),
  };
}

const envelopeAttributes = (attributes: Readonly<Record<string, SnsAttribute>>): object =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: StringValue ?? BinaryValue },
    ]),
  );

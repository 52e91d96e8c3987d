import { GetTopicAttributesCommand, type SNSClient } from '@aws-sdk/client-sns';
import { type SubscriptionWatch, SubscriptionWatchError } from '../../ports/watch/subscription-watch.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';

/** Counts the subscriptions of an SNS topic. */
export const snsSubscriptionWatch = (client: SNSClient, topicArn: string): SubscriptionWatch => ({
  async count() {
    const attributes = await client.send(new GetTopicAttributesCommand({ TopicArn: topicArn })).then(
      ({ Attributes = {} }) => Attributes,
      (error: unknown) => {
        throw new SubscriptionWatchError(
          `Cannot count the subscriptions of "${topicArn}": ${describeFailure(error)}`,
          { ...failureOf(error), cause: error },
        );
      },
    );
    return {
      confirmed: counted(attributes['SubscriptionsConfirmed'], topicArn),
      pending: counted(attributes['SubscriptionsPending'], topicArn),
    };
  },
});

/** SNS returns the counts as text; no count at all is not taken for 0. */
function counted(text: string | undefined, topicArn: string): number {
  if (text !== undefined && /^\d+$/.test(text)) return Number(text);
  throw new SubscriptionWatchError(
    `Cannot count the subscriptions of "${topicArn}": SNS returned no number`,
    {
      reason: 'invalid',
      retryable: false,
    },
  );
}

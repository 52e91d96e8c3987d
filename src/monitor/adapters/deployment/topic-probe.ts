import {
  GetSMSSandboxAccountStatusCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  type Subscription as ListedSubscription,
  paginateListSubscriptionsByTopic,
  type SNSClient,
} from '@aws-sdk/client-sns';
import type { Subscription } from '../../domain/doctor/deployed.ts';
import type { DeploymentProbe } from '../../ports/watch/deployment-probe.ts';
import { probing, probingFor } from './probing.ts';

/** Looks at topics and who is subscribed to them. */
export const topicProbe = (client: SNSClient): Pick<DeploymentProbe, 'topic' | 'isInSmsSandbox'> => ({
  topic: (arn) =>
    probingFor(`look at the topic "${arn}"`, async () => {
      const { Attributes = {} } = await client.send(new GetTopicAttributesCommand({ TopicArn: arn }));
      const subscriptions: Subscription[] = [];
      for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic(
        { client },
        { TopicArn: arn },
      ))
        subscriptions.push(...(await Promise.all(Subscriptions.map((each) => subscriptionOf(client, each)))));
      return {
        arn,
        subscriptions,
        policy: Attributes['Policy'] || undefined,
        keyId: Attributes['KmsMasterKeyId'] || undefined,
      };
    }),
  isInSmsSandbox: () =>
    probing('ask about the SMS sandbox', async () => {
      const { IsInSandbox } = await client.send(new GetSMSSandboxAccountStatusCommand({}));
      return IsInSandbox === true;
    }),
});

/** One that waits has no ARN yet, and its attributes cannot be read. */
async function subscriptionOf(
  client: SNSClient,
  { SubscriptionArn = '', Protocol = '', Endpoint = '' }: ListedSubscription,
): Promise<Subscription> {
  const listed = { protocol: Protocol, endpoint: Endpoint };
  if (!SubscriptionArn.startsWith('arn:')) return { ...listed, isConfirmed: false, filterPolicy: undefined };
  const { Attributes = {} } = await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  return {
    ...listed,
    isConfirmed: Attributes['PendingConfirmation'] !== 'true',
    filterPolicy: Attributes['FilterPolicy'] || undefined,
  };
}

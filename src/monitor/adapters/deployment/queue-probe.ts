import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DeployedQueue } from '../../domain/doctor/deployed.ts';
import type { DeploymentProbe } from '../../ports/watch/deployment-probe.ts';
import { probingFor } from './probing.ts';

/** Looks at queues. */
export const queueProbe = (client: SQSClient): Pick<DeploymentProbe, 'queue'> => ({
  queue: (urlOrArn) =>
    probingFor(`look at the queue "${urlOrArn}"`, async () => {
      const QueueUrl = urlOrArn.startsWith('arn:') ? await urlOf(client, urlOrArn) : urlOrArn;
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({
          QueueUrl,
          AttributeNames: [
            'QueueArn',
            'ApproximateNumberOfMessages',
            'ApproximateNumberOfMessagesNotVisible',
            'Policy',
            'KmsMasterKeyId',
          ],
        }),
      );
      return queueOf(Attributes);
    }),
});

async function urlOf(client: SQSClient, arn: string): Promise<string> {
  const [, , , , account, name] = arn.split(':');
  const { QueueUrl = '' } = await client.send(
    new GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: account }),
  );
  return QueueUrl;
}

const queueOf = (attributes: Readonly<Record<string, string | undefined>>): DeployedQueue => ({
  arn: attributes['QueueArn'] ?? '',
  messages:
    Number(attributes['ApproximateNumberOfMessages'] ?? 0) +
    Number(attributes['ApproximateNumberOfMessagesNotVisible'] ?? 0),
  policy: attributes['Policy'] || undefined,
  keyId: attributes['KmsMasterKeyId'] || undefined,
});

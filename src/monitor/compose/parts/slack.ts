import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { slackNotifier } from '../../adapters/slack/slack-notifier.ts';
import { parseChat } from '../../adapters/sns/chat-message.ts';
import { snsNotifier } from '../../adapters/sns/sns-notifier.ts';
import { sqsMessageQueue } from '../../adapters/sqs/sqs-message-queue.ts';
import { ssmWebhook } from '../../adapters/ssm/ssm-webhook.ts';
import type { Service } from '../../application/service.ts';
import type { Joints } from '../joints/joints.ts';

/** Slack and the queue that feeds it; undefined unless both are set. */
export function slack({ config, sdk, fetch }: Joints): Pick<Service, 'chat'> {
  const { slackWebhookParameter, chatQueueUrl, healthTopicArn, alertTopicArn } = config;
  if (slackWebhookParameter === undefined || chatQueueUrl === undefined) return { chat: undefined };
  const webhook = ssmWebhook(new SSMClient(sdk), slackWebhookParameter);
  return {
    chat: {
      notifier: slackNotifier({ webhook, fetch }),
      queue: sqsMessageQueue(new SQSClient(sdk), chatQueueUrl),
      parse: parseChat,
      otherPath: snsNotifier(new SNSClient(sdk), healthTopicArn ?? alertTopicArn),
    },
  };
}

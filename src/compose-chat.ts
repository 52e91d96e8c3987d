import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { slackNotifier } from './adapters/slack/slack-notifier.ts';
import { amazonQNotifier } from './adapters/sns/amazon-q-notifier.ts';
import { parseChat } from './adapters/sns/chat-message.ts';
import { chatTopicNotifier } from './adapters/sns/chat-topic-notifier.ts';
import { sqsChatQueue } from './adapters/sqs/sqs-chat-queue.ts';
import { ssmWebhook } from './adapters/ssm/ssm-webhook.ts';
import { fanOut, type Side } from './application/fan-out.ts';
import type { ChatChannel, Service } from './application/service.ts';
import type { Config } from './config/settings.ts';
import type { Notifier } from './ports/notifier.ts';

/** What the chat channels are made with. */
interface ChatJoints {
  readonly config: Config;
  /** Options of every SDK client. */
  readonly sdk: Pick<SQSClientConfig, 'region' | 'maxAttempts' | 'requestHandler' | 'credentials'>;
  readonly fetch: typeof fetch;
}

/** Adds the chat channels that are set to a service whose notifier is the alert topic alone. */
export function withChat(service: Omit<Service, 'chat'>, joints: ChatJoints): Service {
  const { notifier: first, healthNotifier } = service;
  const otherPath = healthNotifier ?? first;
  const notifier = fanOut(service, { first, sides: sides(joints), otherPath });
  return { ...service, notifier, chat: slack(joints, otherPath) };
}

/** The topics that get a copy of what the alert topic took. */
function sides({ config, sdk }: ChatJoints): readonly Side[] {
  const client = new SNSClient(sdk);
  const { chatTopicArn, qTopicArn } = config;
  return [
    ...(chatTopicArn === undefined
      ? []
      : [{ channel: 'chat-topic' as const, notifier: chatTopicNotifier(client, chatTopicArn) }]),
    ...(qTopicArn === undefined
      ? []
      : [{ channel: 'amazon-q' as const, notifier: amazonQNotifier(client, qTopicArn) }]),
  ];
}

/** Slack and the queue that feeds it; undefined unless both are set. */
function slack({ config, sdk, fetch }: ChatJoints, otherPath: Notifier): ChatChannel | undefined {
  const { slackWebhookParameter, chatQueueUrl } = config;
  if (slackWebhookParameter === undefined || chatQueueUrl === undefined) return undefined;
  const webhook = ssmWebhook(new SSMClient(sdk), slackWebhookParameter);
  return {
    notifier: slackNotifier({ webhook, fetch }),
    queue: sqsChatQueue(new SQSClient(sdk), chatQueueUrl),
    parse: parseChat,
    otherPath,
  };
}

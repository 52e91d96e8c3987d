import type { SNSClient } from '@aws-sdk/client-sns';
import type { ChatNotifier } from '../../ports/tell/notifier.ts';
import { encodeChat } from './chat-message.ts';
import { publish } from './publish.ts';

/** Hands messages in parts to an SNS topic, from whose queues chat notifiers take them. */
export const chatTopicNotifier = (client: SNSClient, topicArn: string): ChatNotifier => ({
  deliver: ({ chat, attributes }) => publish(client, { topicArn, text: encodeChat(chat), attributes }),
});

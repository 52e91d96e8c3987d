import type { SNSClient } from '@aws-sdk/client-sns';
import type { ChatNotifier } from '../../ports/tell/notifier.ts';
import { amazonQJson } from './amazon-q-json.ts';
import { publish } from './publish.ts';

/** Tells people through Amazon Q Developer in chat applications, which reads a topic of its own. */
export const amazonQNotifier = (client: SNSClient, topicArn: string): ChatNotifier => ({
  deliver: ({ chat, attributes }) =>
    publish(client, { topicArn, text: JSON.stringify(amazonQJson(chat)), attributes }),
});

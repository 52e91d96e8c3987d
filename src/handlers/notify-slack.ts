import type { SQSHandler } from 'aws-lambda';
import { notifyChat } from '../application/notify-chat.ts';
import { compose, type Service } from '../compose.ts';
import { readConfig } from '../config/read-config.ts';

/** Posts what the chat topic put into the queue; what Slack did not take comes back, after the wait it asked for. */
export const createNotifySlack =
  (service: Service): SQSHandler =>
  async ({ Records }) => {
    const failed = await notifyChat(service, Records);
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };

export const handler: SQSHandler = createNotifySlack(compose(readConfig(process.env)));

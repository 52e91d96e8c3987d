import type { SQSHandler } from 'aws-lambda';
import { type Notifying, notifyChat } from '../application/tell/notify-chat.ts';
import { composeSlack } from '../compose/compose-slack.ts';
import { readConfig } from '../config/read-config.ts';

export { composeSlack } from '../compose/compose-slack.ts';

/** Posts what the chat topic put into the queue; what Slack did not take comes back, after the wait it asked for. */
export const createNotifySlack =
  (service: Notifying): SQSHandler =>
  async ({ Records }) => {
    const failed = await notifyChat(service, Records);
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };

export const handler: SQSHandler = createNotifySlack(composeSlack(readConfig(process.env)));

import type { SQSHandler } from 'aws-lambda';
import { recordRotationEvents } from '../application/record-rotation-events.ts';
import { compose, type Service } from '../compose.ts';
import { readConfig } from '../config/read-config.ts';

/** Takes rotation events and API calls from the queue that the CloudTrail rules fill; failed ones are tried again. */
export const createOnRotationEvent =
  (service: Service): SQSHandler =>
  async ({ Records }) => {
    const failed = await recordRotationEvents(service, Records);
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };

export const handler: SQSHandler = createOnRotationEvent(compose(readConfig(process.env)));

import type { SQSHandler } from 'aws-lambda';
import {
  type RecordingEvents,
  recordRotationEvents,
} from '../application/on-event/record-rotation-events.ts';
import { composeEvents } from '../compose/compose-events.ts';
import { readConfig } from '../config/read-config.ts';

export { composeEvents } from '../compose/compose-events.ts';

/** Takes rotation events and API calls from the queue that the CloudTrail rules fill; failed ones are tried again. */
export const createOnRotationEvent =
  (service: RecordingEvents): SQSHandler =>
  async ({ Records }) => {
    const failed = await recordRotationEvents(service, Records);
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };

export const handler: SQSHandler = createOnRotationEvent(composeEvents(readConfig(process.env)));

import type { SQSHandler } from 'aws-lambda';
import {
  type RecordingEvents,
  recordRotationEvents,
} from '../application/on-event/record-rotation-events.ts';
import { composeEvents } from '../compose/compose-events.ts';
import { readConfig } from '../config/read-config.ts';

export { composeEvents } from '../compose/compose-events.ts';

/** Takes the native label events, which need no trail: a secret has a new AWSCURRENT. */
export const createOnLabelUpdated =
  (service: RecordingEvents): SQSHandler =>
  async ({ Records }) => {
    const failed = await recordRotationEvents(service, Records);
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };

export const handler: SQSHandler = createOnLabelUpdated(composeEvents(readConfig(process.env)));

import type { SQSHandler } from 'aws-lambda';
import { recordRotationEvents } from '../application/record-rotation-events.ts';
import { compose, type Service } from '../compose.ts';
import { readConfig } from '../config/read-config.ts';

/** Takes the native label events, which need no trail: a secret has a new AWSCURRENT. */
export const createOnLabelUpdated =
  (service: Service): SQSHandler =>
  async ({ Records }) => {
    const failed = await recordRotationEvents(service, Records);
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };

export const handler: SQSHandler = createOnLabelUpdated(compose(readConfig(process.env)));

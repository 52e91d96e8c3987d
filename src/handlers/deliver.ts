import type { SQSHandler } from 'aws-lambda';
import { deliverAlerts } from '../application/deliver-alerts.ts';
import { compose, type Service } from '../compose.ts';
import { readConfig } from '../config/read-config.ts';

/** Says what is in the outboxes; what a channel did not take stays there. The queue asks again, but for what was refused: that is left to the sweeps. */
export const createDeliver =
  (service: Service): SQSHandler =>
  async ({ Records }, { awsRequestId }) => {
    const { failures } = await deliverAlerts(service, Records[0]?.messageId ?? awsRequestId);
    if (failures.length > 0)
      throw new Error(`Cannot deliver ${failures.length} messages: ${failures.join(', ')}`);
  };

export const handler: SQSHandler = createDeliver(compose(readConfig(process.env)));

import type { SQSHandler } from 'aws-lambda';
import { plural } from '../../calendar/plural.ts';
import { type Delivering, deliverAlerts } from '../application/tell/deliver-alerts.ts';
import { deliveryTurn } from '../application/tell/delivery-run.ts';
import { composeDelivery } from '../compose/compose-delivery.ts';
import { readConfig } from '../config/read-config.ts';

export { composeDelivery } from '../compose/compose-delivery.ts';

/** Says what is in the outboxes; what a channel did not take stays there. The queue asks again, but for what was refused: that is left to the sweeps. */
export const createDeliver =
  (service: Delivering): SQSHandler =>
  async ({ Records }, context) => {
    const texts = Records.map(({ body }) => body);
    const turn = deliveryTurn(service.clock.now(), context.getRemainingTimeInMillis(), texts);
    const { failures } = await deliverAlerts(service, Records[0]?.messageId ?? context.awsRequestId, turn);
    if (failures.length > 0)
      throw new Error(`Cannot deliver ${plural(failures.length, 'message')}: ${failures.join(', ')}`);
  };

export const handler: SQSHandler = createDeliver(composeDelivery(readConfig(process.env)));

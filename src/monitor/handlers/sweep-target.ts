import type { SQSHandler } from 'aws-lambda';
import { type SweepingOnRequest, sweepOnRequest } from '../application/sweep/sweep-on-request.ts';
import { handOverAt } from '../application/sweep/sweep-run.ts';
import { composeSweepTarget } from '../compose/compose-sweep-target.ts';
import { readConfig } from '../config/read-config.ts';

export { composeSweepTarget } from '../compose/compose-sweep-target.ts';

/** Sweeps one account and region, or goes on with a sweep that another invocation began. Its queue hands over one message at a time. */
export const createSweepTarget =
  (service: SweepingOnRequest): SQSHandler =>
  async ({ Records }, context) => {
    const until = handOverAt(service.clock.now(), context.getRemainingTimeInMillis());
    for (const { messageId, body } of Records) {
      await sweepOnRequest(service, body, { id: messageId, handOverAt: until });
    }
  };

export const handler: SQSHandler = createSweepTarget(composeSweepTarget(readConfig(process.env)));

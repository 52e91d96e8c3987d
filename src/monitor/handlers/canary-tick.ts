import type { Handler } from 'aws-lambda';
import { type TickingCanary, tickCanary } from '../application/canary/tick-canary.ts';
import { composeCanary } from '../compose/compose-canary.ts';
import { readConfig } from '../config/read-config.ts';

export { composeCanary } from '../compose/compose-canary.ts';

/** Gives CloudTrail something to report, every hour. */
export const createCanaryTick =
  (service: TickingCanary): Handler<unknown, void> =>
  async () => {
    await tickCanary(service);
  };

export const handler: Handler<unknown, void> = createCanaryTick(composeCanary(readConfig(process.env)));

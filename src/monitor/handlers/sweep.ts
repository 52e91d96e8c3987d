import type { ScheduledHandler } from 'aws-lambda';
import { handOverAt } from '../application/sweep/sweep-run.ts';
import { type Sweeping, sweepSecrets } from '../application/sweep/sweep-secrets.ts';
import { composeSweep } from '../compose/compose-sweep.ts';
import { readConfig } from '../config/read-config.ts';

export { composeSweep } from '../compose/compose-sweep.ts';

/** Runs on the schedule and judges every secret; other accounts and regions are left to `sweep-target`. */
export const createSweep =
  (service: Sweeping): ScheduledHandler =>
  async (_event, context) => {
    await sweepSecrets(service, {
      id: context.awsRequestId,
      reportsFindings: false,
      handOverAt: handOverAt(service.clock.now(), context.getRemainingTimeInMillis()),
    });
  };

export const handler: ScheduledHandler = createSweep(composeSweep(readConfig(process.env)));

import type { ScheduledHandler } from 'aws-lambda';
import { sweepSecrets } from '../application/sweep-secrets.ts';
import { compose, type Service } from '../compose.ts';
import { readConfig } from '../config/read-config.ts';

/** Runs on the schedule and judges every secret. */
export const createSweep =
  (service: Service): ScheduledHandler =>
  async () => {
    await sweepSecrets(service);
  };

export const handler: ScheduledHandler = createSweep(compose(readConfig(process.env)));

import type { ScheduledHandler } from 'aws-lambda';
import { type RunningAudit, runAudit } from '../application/audit/run-audit.ts';
import { handOverAt } from '../application/sweep/sweep-run.ts';
import { composeAuditing } from '../compose/compose-auditing.ts';
import { readConfig } from '../config/read-config.ts';

export { composeAuditing } from '../compose/compose-auditing.ts';

/** Runs on a schedule: stores a report on all secrets and sends its summary. What takes longer is handed over. */
export const createAudit =
  (service: RunningAudit): ScheduledHandler =>
  async (_event, context) => {
    await runAudit(service, {
      id: context.awsRequestId,
      identity: context.invokedFunctionArn,
      handOverAt: handOverAt(service.clock.now(), context.getRemainingTimeInMillis()),
    });
  };

export const handler: ScheduledHandler = createAudit(composeAuditing(readConfig(process.env)));

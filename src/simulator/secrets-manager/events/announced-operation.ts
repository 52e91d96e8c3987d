import { AwsError } from '../../call/aws-error.ts';
import type { Operation } from '../../call/service.ts';
import type { Core, CoreOperation } from '../store/core.ts';
import { apiCallEvent } from './api-call-event.ts';

/** Operations whose calls CloudTrail tells the bus, the refused ones included. */
export const announcedAll = (
  core: Core,
  table: Readonly<Record<string, CoreOperation>>,
): Readonly<Record<string, Operation>> =>
  Object.fromEntries(Object.entries(table).map(([name, work]) => [name, announced(core, name, work)]));

function announced(core: Core, operation: string, work: CoreOperation): Operation {
  return async (input, call) => {
    try {
      const output = work(input, call);
      core.outbox.pushFirst(apiCallEvent(core, { operation, input, call, outcome: { output } }));
      return output;
    } catch (error) {
      if (error instanceof AwsError) {
        core.outbox.pushFirst(apiCallEvent(core, { operation, input, call, outcome: { error } }));
      }
      throw error;
    } finally {
      await core.outbox.flush();
    }
  };
}

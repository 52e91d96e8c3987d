import { AwsError } from '../../call/aws-error.ts';
import type { Operation } from '../../call/service.ts';
import type { Core, CoreOperation } from '../store/core.ts';
import { isObject } from '../store/read-input.ts';
import { apiCallEvent } from './api-call-event.ts';
import { keyRecord } from './recorded-read.ts';

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
      if (isEncrypting(operation, output)) core.record(keyRecord('GenerateDataKey', output, call));
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

/** True for a call that has put a value. */
const isEncrypting = (operation: string, output: unknown): boolean =>
  ['CreateSecret', 'PutSecretValue', 'UpdateSecret'].includes(operation) &&
  isObject(output) &&
  output['VersionId'] !== undefined;

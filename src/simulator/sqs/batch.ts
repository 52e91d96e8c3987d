import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import { readInput } from '../call/input.ts';
import type { Operation } from '../call/service.ts';
import { missingParameter, queueOperation } from './operations.ts';
import type { Queue } from './queue.ts';

/** Most entries that a batch may have. */
const MAX_ENTRIES = 10;

const batch = z.object({ Entries: z.array(z.looseObject({ Id: z.string() })) });

/** The batch form of an operation: every entry succeeds or fails for itself. */
export function batchOperation<T>(
  find: (url: string) => Queue,
  schema: z.ZodType<T>,
  run: (queue: Queue, input: T) => object,
): Operation {
  return queueOperation(find, batch, (queue, { Entries }) => {
    checkEntries(Entries.map(({ Id }) => Id));
    const successful: object[] = [];
    const failed: object[] = [];
    for (const entry of Entries) {
      try {
        successful.push({ Id: entry.Id, ...run(queue, readInput(schema, entry, missingParameter)) });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true });
      }
    }
    return { Successful: successful, Failed: failed };
  });
}

function checkEntries(ids: readonly string[]): void {
  if (ids.length === 0) {
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (ids.length > MAX_ENTRIES) {
    const message = `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${ids.length}.`;
    throw new AwsError('TooManyEntriesInBatchRequest', message);
  }
  const repeated = ids.find((id, index) => ids.indexOf(id) < index);
  if (repeated !== undefined) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`);
}

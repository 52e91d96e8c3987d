import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import { readInput } from '../call/input.ts';
import type { Operation } from '../call/service.ts';

/** A queue that feeds a function. */
export interface EventSourceMapping {
  readonly uuid: string;
  readonly eventSourceArn: string;
  readonly functionArn: string;
  readonly batchSize: number;
  isEnabled: boolean;
}

const listing = z.object({ FunctionName: z.string().optional(), EventSourceArn: z.string().optional() });
const updating = z.object({ UUID: z.string(), Enabled: z.boolean().optional() });

/** The mappings of an account. */
export class EventSourceMappings {
  readonly #all = new Map<string, EventSourceMapping>();

  /** Adds a mapping, which is enabled. */
  add(mapping: Omit<EventSourceMapping, 'uuid' | 'isEnabled'>): EventSourceMapping {
    const uuid = `0feed000-0000-4000-8000-${String(this.#all.size).padStart(12, '0')}`;
    const added = { ...mapping, uuid, isEnabled: true };
    this.#all.set(uuid, added);
    return added;
  }

  remove({ uuid }: EventSourceMapping): void {
    this.#all.delete(uuid);
  }

  /** https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html */
  get operations(): Record<string, Operation> {
    return {
      ListEventSourceMappings: (input) => {
        const { FunctionName = '', EventSourceArn = '' } = readInput(listing, input);
        const found = [...this.#all.values()].filter(
          ({ functionArn, eventSourceArn }) =>
            `:${functionArn}`.endsWith(`:${FunctionName}`) && eventSourceArn.endsWith(EventSourceArn),
        );
        return { EventSourceMappings: found.map(shown) };
      },
      UpdateEventSourceMapping: (input) => {
        const { UUID, Enabled } = readInput(updating, input);
        const found = this.#all.get(UUID);
        if (found === undefined)
          throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
        found.isEnabled = Enabled ?? found.isEnabled;
        return shown(found);
      },
    };
  }
}

const shown = ({ uuid, eventSourceArn, functionArn, batchSize, isEnabled }: EventSourceMapping): object => ({
  UUID: uuid,
  EventSourceArn: eventSourceArn,
  FunctionArn: functionArn,
  BatchSize: batchSize,
  State: isEnabled ? 'Enabled' : 'Disabled',
});

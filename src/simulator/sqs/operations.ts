import { createHash } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import { type RefuseInput, readInput } from '../call/input.ts';
import type { Operation } from '../call/service.ts';
import type { Queue } from './queue.ts';

/** Longest delay of a message, in seconds. */
export const MAX_DELAY_SECONDS = 900;
/** Longest time that a message can be hidden, in seconds: 12 hours. */
export const MAX_VISIBILITY_SECONDS: number = 12 * 60 * 60;

/** SQS's way to refuse a value. */
export const invalidValue = (value: unknown, parameter: string, reason: string): AwsError =>
  new AwsError(
    'InvalidParameterValue',
    `Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}`,
  );

/** SQS's way to refuse input of the wrong form. */
export const missingParameter: RefuseInput = (member) =>
  new AwsError('MissingParameter', `The request must contain the parameter ${member}.`);

const onQueue = z.object({ QueueUrl: z.string().min(1) });

/** An operation on the queue that `QueueUrl` names, with the rest of its input checked by `schema`. */
export function queueOperation<T>(
  find: (url: string) => Queue,
  schema: z.ZodType<T>,
  run: (queue: Queue, input: T) => unknown,
): Operation {
  return (input) => {
    const { QueueUrl } = readInput(onQueue, input, missingParameter);
    return run(find(QueueUrl), readInput(schema, input, missingParameter));
  };
}

/** Fails unless the number, if given, lies within the bounds. */
export function checkWithin(
  value: number | undefined,
  bounds: readonly [number, number],
  parameter: string,
): void {
  const [low, high] = bounds;
  if (value === undefined || (Number.isInteger(value) && value >= low && value <= high)) return;
  throw invalidValue(value, parameter, `Must be between ${low} and ${high}, if provided.`);
}

/** The digest that clients compare with their own. */
export const md5 = (data: string | Uint8Array): string => createHash('md5').update(data).digest('hex');

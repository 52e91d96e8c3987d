import * as z from 'zod';
import type { Instant } from '../calendar/instant.ts';
import type { Home } from './call/service.ts';
import type { Functions } from './lambda/functions.ts';
import type { ReceivedMessage } from './sqs/message.ts';
import { systemAttributes } from './sqs/message-operations.ts';
import { md5 } from './sqs/operations.ts';
import type { Queue } from './sqs/queue.ts';
import type { Queues } from './sqs/queues.ts';
import type { SimulatorClock } from './time/clock.ts';

/** How a queue feeds a function. */
export interface EventSourceOptions {
  /** Queue by name, URL or ARN. */
  readonly queue: string;
  /** Function by name or ARN. */
  readonly functionName: string;
  /** Most messages of one invocation; 10 when left out. */
  readonly batchSize?: number;
  /** Whether the function's `batchItemFailures` count; without it only a throw is a failure. */
  readonly reportBatchItemFailures?: boolean;
}

/** What the mappings work with. */
export interface EventSourceDependencies {
  readonly clock: SimulatorClock;
  readonly home: Home;
  readonly queues: Queues;
  readonly functions: Functions;
}

/**
 * Feeds the messages of a queue to a function, one batch after the other, as they become visible; the answer
 * stops it. Messages of failed batches come back after the visibility timeout.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function mapEventSource(
  dependencies: EventSourceDependencies,
  options: EventSourceOptions,
): () => void {
  const { clock, queues } = dependencies;
  const queue = queues.find(options.queue);
  const planned = new Map<Instant, () => void>();
  const plan = (at: Instant): void => {
    if (planned.has(at)) return;
    planned.set(
      at,
      clock.schedule(at, async () => {
        planned.delete(at);
        while (await feed(dependencies, queue, options));
      }),
    );
  };
  const deaf = queue.onVisible(plan);
  plan(clock.now());
  return () => {
    deaf();
    for (const cancel of planned.values()) cancel();
  };
}

/** Feeds one batch; false when there was none. */
async function feed(
  { queues, functions, home }: EventSourceDependencies,
  queue: Queue,
  { functionName, batchSize = 10, reportBatchItemFailures = false }: EventSourceOptions,
): Promise<boolean> {
  const messages = queues.receive(queue, { max: batchSize });
  if (messages.length === 0) return false;
  const records = messages.map((message) => toRecord(message, queue, home));
  const failed = await failures(functions, functionName, records);
  if (failed === 'all') return true;
  for (const message of messages) {
    if (!reportBatchItemFailures || !failed.has(message.id)) queue.delete(message.receiptHandle);
  }
  return true;
}

const response = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
});

/** Ids of the messages that failed; what is no list of failures means success, a broken list that all failed. */
async function failures(
  functions: Functions,
  functionName: string,
  records: readonly object[],
): Promise<ReadonlySet<string> | 'all'> {
  let answer: unknown;
  try {
    answer = await functions.invoke(functionName, { Records: records });
  } catch {
    return 'all';
  }
  if (typeof answer !== 'object' || answer === null) return new Set();
  const parsed = response.safeParse(answer);
  if (!parsed.success) return 'all';
  return new Set((parsed.data.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
}

/** The form in which Lambda hands over an SQS message. */
const toRecord = (message: ReceivedMessage, queue: Queue, { region }: Home): object => ({
  messageId: message.id,
  receiptHandle: message.receiptHandle,
  body: message.body,
  attributes: systemAttributes(message),
  messageAttributes: Object.fromEntries(
    Object.entries(message.attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { dataType: DataType, stringValue: StringValue, binaryValue: BinaryValue },
    ]),
  ),
  md5OfBody: md5(message.body),
  eventSource: 'aws:sqs',
  eventSourceARN: queue.arn,
  awsRegion: region,
});

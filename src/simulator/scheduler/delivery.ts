import { formatInstant, type Instant } from '../../calendar/instant.ts';
import type { Random } from '../call/random.ts';
import type { Functions } from '../lambda/functions.ts';
import type { Queues } from '../sqs/queues.ts';
import type { Schedule } from './schedule.ts';

/** Dependencies of invoking targets. */
export interface DeliveryDependencies {
  readonly random: Random;
  readonly queues: Queues;
  readonly functions: Functions;
}

/**
 * Invokes the target of a schedule: a function asynchronously, a queue by a message. What goes to a target that is not
 * there ends in the dead-letter queue, if there is one.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
 */
export function invokeTarget(
  dependencies: DeliveryDependencies,
  schedule: Schedule,
  scheduledAt: Instant,
): void {
  const { queues, functions, random } = dependencies;
  const { Arn, Input, DeadLetterConfig } = schedule.Target;
  const executionId = random.uuid().replaceAll('-', '').slice(0, 16);
  const input = withContext(Input ?? '{}', { schedule, scheduledAt, executionId });
  const isQueue = Arn.split(':')[2] === 'sqs';
  if (isQueue && queues.deliver(Arn, { body: input })) return;
  if (!isQueue && functions.has(Arn)) {
    functions.invokeLater(Arn, JSON.parse(input));
    return;
  }
  if (DeadLetterConfig?.Arn === undefined) return;
  const attributes = deadLetterAttributes(schedule, { isQueue, scheduledAt, executionId });
  queues.deliver(DeadLetterConfig.Arn, { body: input, attributes });
}

interface Execution {
  readonly schedule: Schedule;
  readonly scheduledAt: Instant;
  readonly executionId: string;
}

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html */
const withContext = (input: string, { schedule, scheduledAt, executionId }: Execution): string =>
  input
    .replaceAll('<aws.scheduler.schedule-arn>', schedule.arn)
    .replaceAll('<aws.scheduler.scheduled-time>', formatInstant(scheduledAt))
    .replaceAll('<aws.scheduler.execution-id>', executionId)
    .replaceAll('<aws.scheduler.attempt-number>', '1');

function deadLetterAttributes(
  { arn, Target }: Schedule,
  { isQueue, scheduledAt, executionId }: Omit<Execution, 'schedule'> & { readonly isQueue: boolean },
): Record<string, { DataType: string; StringValue: string }> {
  const texts = {
    ERROR_CODE: isQueue ? 'AWS.SimpleQueueService.NonExistentQueue' : 'ResourceNotFoundException',
    ERROR_MESSAGE: isQueue ? 'The specified queue does not exist.' : `Function not found: ${Target.Arn}`,
    EXECUTION_ID: executionId,
    IS_PAYLOAD_TRUNCATED: 'false',
    RETRY_ATTEMPTS: '0',
    SCHEDULED_TIME: formatInstant(scheduledAt),
    SCHEDULE_ARN: arn,
    TARGET_ARN: `arn:aws:scheduler:::aws-sdk:${isQueue ? 'sqs:sendMessage' : 'lambda:invoke'}`,
  };
  return Object.fromEntries(
    Object.entries(texts).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
}

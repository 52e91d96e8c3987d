import { ofFunction, ofQueue } from '../aws-metrics.ts';
import type { Watched } from '../watched.ts';
import type { AlarmDefinition } from './alarm.ts';
import { outOf } from './service-alarms.ts';

/** Five minutes. */
const PERIOD_SECONDS = 300;
/** A message that waits for longer than a sweep and its retries is late: 15 minutes. */
const LATE_AFTER_SECONDS = 900;

/** Alarms on the queues and functions that the monitor runs on. */
export const resourceAlarms = (watched: Watched): readonly AlarmDefinition[] => [
  ...Object.entries(watched.deadLetterQueues).map(([key, name]) => deadLetters(key, name)),
  ...Object.entries(watched.queues).map(([key, name]) => queueLate(key, name)),
  ...Object.entries(watched.functions).map(([key, name]) => functionFailing(key, name)),
];

/** SQS stops publishing for a queue that has been empty and unused for six hours; what holds messages is never missing. */
const deadLetters = (key: string, queueName: string): AlarmDefinition => ({
  key: `dead-letters-${key}`,
  runbook: 'alarms#dead-letters',
  meaning: `Messages lie in the dead-letter queue of ${key}: they were tried until the queue gave up.`,
  measure: { kind: 'metric', metric: ofQueue(queueName, 'ApproximateNumberOfMessagesVisible') },
  periodSeconds: PERIOD_SECONDS,
  badWhen: 'above',
  threshold: 0,
  ...outOf(1, 1),
  missingData: 'notBreaching',
  tells: 'beginning',
});

const queueLate = (key: string, queueName: string): AlarmDefinition => ({
  key: `queue-late-${key}`,
  runbook: 'alarms#queue-late',
  meaning: `A message of the queue ${key} has waited for over 15 minutes: what it says is not acted on.`,
  measure: { kind: 'metric', metric: ofQueue(queueName, 'ApproximateAgeOfOldestMessage') },
  periodSeconds: PERIOD_SECONDS,
  badWhen: 'above',
  threshold: LATE_AFTER_SECONDS,
  ...outOf(2, 3),
  missingData: 'notBreaching',
  tells: 'beginning',
});

/** One failure is tried again by Lambda or by the queue; failures in two of three periods are no accident. */
const functionFailing = (key: string, functionName: string): AlarmDefinition => ({
  key: `function-failing-${key}`,
  runbook: 'alarms#function-failing',
  meaning: `The function ${key} fails or is throttled again and again.`,
  measure: {
    kind: 'formula',
    formula: 'errors + throttles',
    metrics: { errors: ofFunction(functionName, 'Errors'), throttles: ofFunction(functionName, 'Throttles') },
  },
  periodSeconds: PERIOD_SECONDS,
  badWhen: 'above',
  threshold: 0,
  ...outOf(2, 3),
  missingData: 'notBreaching',
  tells: 'beginning',
});

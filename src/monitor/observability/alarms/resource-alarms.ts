import { ofFunction, ofQueue } from '../aws-metrics.ts';
import type { DeadLetterKind, Watched } from '../watched.ts';
import type { AlarmDefinition } from './alarm.ts';
import { outOf } from './service-alarms.ts';

/** Five minutes. */
const PERIOD_SECONDS = 300;
/** A message that waits for longer than a sweep and its retries is late: 15 minutes. */
const LATE_AFTER_SECONDS = 900;

/** Alarms that exist with members only: of the home target the heartbeat says that a sweep was not continued. */
export const FOR_MEMBERS: readonly string[] = ['sweeps', 'sweep-target'];

/**
 * Alarms on the queues and functions that the monitor runs on, where nothing else reports their failure; each is paid
 * for.
 */
export function resourceAlarms(watched: Watched): readonly AlarmDefinition[] {
  const { deadLetterQueues, queues, functions, failuresSeenOtherwise, hasMembers } = watched;
  const untold = (key: string): boolean => hasMembers || !FOR_MEMBERS.includes(key);
  return [
    ...DEAD_LETTERS.flatMap(([key, meaning]) => {
      const name = deadLetterQueues[key];
      return name === undefined ? [] : [deadLetters(key, meaning, name)];
    }),
    ...Object.entries(queues).flatMap(([key, name]) => (untold(key) ? [queueLate(key, name)] : [])),
    ...Object.entries(functions).flatMap(([key, name]) =>
      untold(key) && !failuresSeenOtherwise.includes(key) ? [functionFailing(key, name)] : [],
    ),
  ];
}

const DEAD_LETTERS: readonly (readonly [DeadLetterKind, string])[] = [
  [
    'messages',
    'The dead-letter queue holds messages: functions failed to process them until their queues gave up.',
  ],
  [
    'invocations',
    'EventBridge, Scheduler or Lambda could not deliver a message and sent it to the dead-letter queue.',
  ],
];

/** SQS stops publishing for a queue that has been empty and unused for six hours; what holds messages is never missing. */
const deadLetters = (key: DeadLetterKind, meaning: string, queueName: string): AlarmDefinition => ({
  key: `dead-letters-${key}`,
  runbook: 'alarms#dead-letters',
  meaning,
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
  meaning: `A message of the queue ${key} has waited for over 15 minutes and has not been processed.`,
  measure: { kind: 'metric', metric: ofQueue(queueName, 'ApproximateAgeOfOldestMessage') },
  periodSeconds: PERIOD_SECONDS,
  badWhen: 'above',
  threshold: LATE_AFTER_SECONDS,
  ...outOf(2, 3),
  missingData: 'notBreaching',
  tells: 'beginning',
});

/**
 * Functions whose throttles nothing else reports: a queue that feeds a throttled function becomes late, and a throttled
 * sweep is a missing one. Every metric of an alarm is paid for. https://aws.amazon.com/cloudwatch/pricing/
 */
const THROTTLED_UNSEEN: readonly string[] = ['check-secret'];

/** One failure is tried again by Lambda or by the queue; failures in two of three periods are no accident. */
const functionFailing = (key: string, functionName: string): AlarmDefinition => ({
  key: `function-failing-${key}`,
  runbook: 'alarms#function-failing',
  ...failures(key, functionName),
  periodSeconds: PERIOD_SECONDS,
  badWhen: 'above',
  threshold: 0,
  ...outOf(2, 3),
  missingData: 'notBreaching',
  tells: 'beginning',
});

function failures(key: string, functionName: string): Pick<AlarmDefinition, 'meaning' | 'measure'> {
  const errors = ofFunction(functionName, 'Errors');
  if (!THROTTLED_UNSEEN.includes(key)) {
    return {
      meaning: `The function ${key} fails repeatedly.`,
      measure: { kind: 'metric', metric: errors },
    };
  }
  const metrics = { errors, throttles: ofFunction(functionName, 'Throttles') };
  return {
    meaning: `The function ${key} fails or is throttled repeatedly.`,
    measure: { kind: 'formula', formula: 'errors + throttles', metrics },
  };
}

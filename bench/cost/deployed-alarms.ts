import { alarmDefinitions } from '../../src/observability/alarms/alarm-definitions.ts';
import { USUAL_ROTATION_FUNCTION_WORDS, type Watched } from '../../src/observability/watched.ts';

/** What is billed of the alarms. */
export interface AlarmCounts {
  readonly alarms: number;
  /** Metrics that they look at: an alarm on a formula is billed for each. */
  readonly metrics: number;
  readonly composite: number;
}

/** Functions of a deployment with a canary that posts to no Slack. */
const FUNCTIONS: readonly string[] = [
  'on-rotation-event',
  'on-label-updated',
  'sweep',
  'sweep-target',
  'check-secret',
  'deliver',
  'acknowledge',
  'open-alerts-widget',
  'canary-tick',
];
/** Queues that feed functions. */
export const FED_QUEUES: readonly string[] = ['events', 'labels', 'delivery', 'sweeps'];

const named = (names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, name]));

/** The alarms that infra deploys with a canary. */
export function deployedAlarms({ hasMembers }: Pick<Watched, 'hasMembers'>): AlarmCounts {
  const watched: Watched = {
    account: '111122223333',
    region: 'us-east-1',
    partition: 'aws',
    namespace: 'SecretRotation',
    functions: named(FUNCTIONS),
    queues: named(FED_QUEUES),
    deadLetterQueues: { messages: 'messages', invocations: 'invocations' },
    hasMembers,
    sweepIntervalSeconds: 300,
    namePrefix: 'SecretRotationMonitor-',
    dashboardPrefix: 'SecretRotationMonitor-',
    runbookBaseUrl: undefined,
    widgetFunctionArn: undefined,
    rotationFunctionWords: USUAL_ROTATION_FUNCTION_WORDS,
    canaryFunction: 'canary-rotation',
  };
  const { service, findings, composite } = alarmDefinitions(watched);
  const alarms = [...service, ...findings];
  const metrics = alarms.map(({ measure }) =>
    measure.kind === 'metric' ? 1 : Object.keys(measure.metrics).length,
  );
  return {
    alarms: alarms.length,
    metrics: metrics.reduce((sum, count) => sum + count, 0),
    composite: composite.length,
  };
}

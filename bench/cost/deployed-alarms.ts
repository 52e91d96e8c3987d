import { alarmDefinitions } from '../../src/observability/alarms/alarm-definitions.ts';
import { USUAL_ROTATION_FUNCTION_WORDS, type Watched } from '../../src/observability/watched.ts';

/** What is billed of the alarms. */
export interface AlarmCounts {
  readonly alarms: number;
  /** Metrics that they look at: an alarm on a formula is billed for each. */
  readonly metrics: number;
  readonly composite: number;
}

/** Functions of a deployment that posts to no Slack. */
const FUNCTIONS: readonly string[] = [
  'on-rotation-event',
  'on-label-updated',
  'sweep',
  'sweep-target',
  'check-secret',
  'deliver',
  'acknowledge',
  'open-alerts-widget',
];
/** Queues that feed functions. */
export const FED_QUEUES: readonly string[] = ['events', 'labels', 'delivery', 'sweeps'];

const named = (names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, name]));

/** The alarms that infra deploys, with a canary or without. */
export function deployedAlarms({ canary }: { readonly canary: boolean }): AlarmCounts {
  const watched: Watched = {
    account: '111122223333',
    region: 'us-east-1',
    partition: 'aws',
    namespace: 'SecretRotation',
    functions: named(canary ? [...FUNCTIONS, 'canary-tick'] : FUNCTIONS),
    queues: named(FED_QUEUES),
    deadLetterQueues: named([...FED_QUEUES, 'invocations']),
    sweepIntervalSeconds: 300,
    namePrefix: 'SecretRotationMonitor-',
    dashboardPrefix: 'SecretRotationMonitor-',
    runbookBaseUrl: undefined,
    widgetFunctionArn: undefined,
    rotationFunctionWords: USUAL_ROTATION_FUNCTION_WORDS,
    canaryFunction: canary ? 'canary-rotation' : undefined,
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

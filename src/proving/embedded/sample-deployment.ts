import { USUAL_ROTATION_FUNCTION_WORDS, type Watched } from '../../monitor/observability/watched.ts';
import { MONITOR_FUNCTIONS } from './monitor-functions.ts';

const QUEUES = ['events', 'labels', 'delivery', 'sweeps', 'chat'] as const;
const PREFIX = 'rotation-monitor-';

const named = (keys: readonly string[], suffix = ''): Readonly<Record<string, string>> =>
  Object.fromEntries(keys.map((key) => [key, `${PREFIX}${key}${suffix}`]));

/** The deployment whose dashboards are committed; whoever imports them puts other names in their place. */
export const SAMPLE_DEPLOYMENT: Watched = {
  account: '111122223333',
  region: 'eu-west-1',
  partition: 'aws',
  namespace: 'SecretRotation',
  functions: named(MONITOR_FUNCTIONS),
  queues: named(QUEUES),
  deadLetterQueues: named(['messages', 'invocations'], '-dlq'),
  hasMembers: false,
  sweepIntervalSeconds: 300,
  namePrefix: PREFIX,
  dashboardPrefix: PREFIX,
  runbookBaseUrl: 'https://wiki.example.com/runbooks',
  widgetFunctionArn: `arn:aws:lambda:eu-west-1:111122223333:function:${PREFIX}open-alerts-widget`,
  rotationFunctionWords: USUAL_ROTATION_FUNCTION_WORDS,
  canaryFunction: undefined,
};

/** The same with all that is optional: a canary, and members. */
export const SAMPLE_WITH_EVERYTHING: Watched = {
  ...SAMPLE_DEPLOYMENT,
  functions: named([...MONITOR_FUNCTIONS, 'canary-tick']),
  canaryFunction: `${PREFIX}canary-rotation`,
  hasMembers: true,
};

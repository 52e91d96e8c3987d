import { FOR_MEMBERS } from '../../monitor/observability/alarms/resource-alarms.ts';
import { USUAL_ROTATION_FUNCTION_WORDS, type Watched } from '../../monitor/observability/watched.ts';
import { ofType } from './deployed-resources.ts';
import { packedTemplate } from './monitor.ts';
import { templateParts } from './template.ts';

const QUEUES = ['events', 'labels', 'delivery', 'sweeps', 'chat'] as const;
const PREFIX = 'rotation-monitor-';
const CANARY_ROTATION = 'canary-rotation';

const named = (keys: readonly string[], suffix = ''): Readonly<Record<string, string>> =>
  Object.fromEntries(keys.map((key) => [key, `${PREFIX}${key}${suffix}`]));

/** Names of all handlers that are deployed, but for the one that fails on purpose. */
const handlers = (): readonly string[] =>
  ofType(templateParts(packedTemplate('home-full')).resources, 'AWS::Lambda::Function')
    .map(({ properties }) => String(properties['Handler']).replace('.handler', ''))
    .filter((name) => name !== CANARY_ROTATION);

/** Functions that have no alarm of their own in the template, although no member is missing. */
function failuresSeenOtherwise(): readonly string[] {
  const alarms = ofType(templateParts(packedTemplate('home-full')).resources, 'AWS::CloudWatch::Alarm').map(
    ({ properties }) => String(properties['AlarmName']),
  );
  return handlers().filter(
    (name) => !FOR_MEMBERS.includes(name) && !alarms.includes(`${PREFIX}function-failing-${name}`),
  );
}

/** The deployment whose dashboards are committed; whoever imports them puts other names in their place. */
export const sampleDeployment = (): Watched => ({
  account: '111122223333',
  region: 'eu-west-1',
  partition: 'aws',
  namespace: 'SecretRotation',
  functions: named(handlers().filter((name) => !name.startsWith('canary-'))),
  failuresSeenOtherwise: failuresSeenOtherwise(),
  queues: named(QUEUES),
  deadLetterQueues: named(['messages', 'invocations'], '-dlq'),
  hasMembers: false,
  hasLocalAgents: false,
  sweepIntervalSeconds: 300,
  auditEverySeconds: 604_800,
  namePrefix: PREFIX,
  dashboardPrefix: PREFIX,
  runbookBaseUrl: 'https://wiki.example.com/runbooks',
  widgetFunctionArn: `arn:aws:lambda:eu-west-1:111122223333:function:${PREFIX}open-alerts-widget`,
  rotationFunctionWords: USUAL_ROTATION_FUNCTION_WORDS,
  canaryFunction: undefined,
});

/** The same with all that is optional: a canary, members and local agents. */
export const sampleWithEverything = (): Watched => ({
  ...sampleDeployment(),
  functions: named(handlers()),
  canaryFunction: `${PREFIX}${CANARY_ROTATION}`,
  hasMembers: true,
  hasLocalAgents: true,
});

import { Aws, type Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { dashboardPrefixOf } from '../src/monitor/observability/dashboards/navigation.ts';
import { USUAL_ROTATION_FUNCTION_WORDS, type Watched } from '../src/monitor/observability/watched.ts';
import type { MonitorResources } from './constructs/monitor-resources.ts';
import { functionArn, functionName } from './props/function-name.ts';

/** The parts of a deployment that dashboards and alarms watch. */
export interface WatchedDeploymentProps {
  readonly resources: Pick<
    MonitorResources,
    'queues' | 'deadLetters' | 'undelivered' | 'memberBus' | 'audits'
  >;
  /** Names of the handlers that are deployed. */
  readonly handlerNames: readonly string[];
  /** Those of them whose failures something else reports. */
  readonly failuresSeenOtherwise: readonly string[];
  /** Whether applications report on local agents. */
  readonly hasLocalAgents: boolean;
  readonly sweepInterval: Duration;
  readonly metricsNamespace: string;
  readonly runbookBaseUrl: string | undefined;
}

/** Its errors are no fault of the monitor. */
const FAILS_ON_PURPOSE = 'canary-rotation';

/** Describes a monitor for its dashboards and alarms, which are named after its stack. */
export function watchedDeployment(monitor: Construct, props: WatchedDeploymentProps): Watched {
  const { stackName } = Stack.of(monitor);
  const queues = Object.entries(props.resources.queues);
  const names = props.handlerNames.filter((name) => name !== FAILS_ON_PURPOSE);
  return {
    account: Aws.ACCOUNT_ID,
    region: Aws.REGION,
    partition: Aws.PARTITION,
    namespace: props.metricsNamespace,
    functions: Object.fromEntries(names.map((name) => [name, functionName(monitor, name)])),
    failuresSeenOtherwise: props.failuresSeenOtherwise,
    queues: Object.fromEntries(queues.map(([key, { queue }]) => [key, queue.queueName])),
    deadLetterQueues: {
      messages: props.resources.deadLetters.queueName,
      invocations: props.resources.undelivered.queueName,
    },
    hasMembers: props.resources.memberBus !== undefined,
    sweepIntervalSeconds: props.sweepInterval.toSeconds(),
    hasLocalAgents: props.hasLocalAgents,
    auditEverySeconds: props.resources.audits?.plan.everySeconds,
    namePrefix: `${stackName}-`,
    dashboardPrefix: dashboardPrefixOf(stackName, Aws.REGION),
    runbookBaseUrl: props.runbookBaseUrl,
    widgetFunctionArn: props.handlerNames.includes('open-alerts-widget')
      ? functionArn(functionName(monitor, 'open-alerts-widget'))
      : undefined,
    rotationFunctionWords: USUAL_ROTATION_FUNCTION_WORDS,
    canaryFunction: props.handlerNames.includes(FAILS_ON_PURPOSE)
      ? functionName(monitor, FAILS_ON_PURPOSE)
      : undefined,
  };
}

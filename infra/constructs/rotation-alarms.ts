import { Aws, CfnResource, type Duration, Stack } from 'aws-cdk-lib';
import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarmDefinitions } from '../../src/monitor/observability/alarms/alarm-definitions.ts';
import { compositeAlarmInput, metricAlarmInput } from '../../src/monitor/observability/alarms/alarm-input.ts';
import { dashboardBodies } from '../../src/monitor/observability/dashboards/dashboard-bodies.ts';
import {
  DASHBOARDS,
  dashboardName,
  dashboardPrefixOf,
} from '../../src/monitor/observability/dashboards/navigation.ts';
import { USUAL_ROTATION_FUNCTION_WORDS, type Watched } from '../../src/monitor/observability/watched.ts';
import { functionArn, functionName } from '../props/function-name.ts';
import type { MonitorResources } from './monitor-resources.ts';

/** Properties of {@link RotationAlarms}. */
export interface RotationAlarmsProps {
  /** Resources that the alarms watch, with their names. */
  readonly watched: Watched;
  /** Gets the alarms about the monitor itself; CloudWatch has to be let in already. */
  readonly healthTopic: ITopic;
}

/**
 * The alarms of a deployment. Their definitions have the names of CloudWatch's API, which CloudFormation shares.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html
 */
export class RotationAlarms extends Construct {
  constructor(scope: Construct, id: string, { watched, healthTopic }: RotationAlarmsProps) {
    super(scope, id);
    const { service, findings, composite } = alarmDefinitions(watched);
    const { topicArn } = healthTopic;
    const alarms = new Map(
      [...service, ...findings].map((alarm) => [
        alarm.key,
        this.#define('AWS::CloudWatch::Alarm', alarm.key, metricAlarmInput(watched, alarm, topicArn)),
      ]),
    );
    for (const alarm of composite) {
      const input = compositeAlarmInput(watched, alarm, topicArn);
      const defined = this.#define('AWS::CloudWatch::CompositeAlarm', alarm.key, input);
      for (const key of alarm.anyOf) {
        const child = alarms.get(key);
        if (child !== undefined) defined.addResourceDependency(child);
      }
    }
  }

  #define(type: string, key: string, properties: object): CfnResource {
    return new CfnResource(this, key, { type, properties: { ...properties } });
  }
}

/** Properties of {@link RotationDashboards}. */
interface RotationDashboardsProps {
  /** Resources that the dashboards show, with their names. */
  readonly watched: Watched;
}

/** The dashboards of a deployment; those in `dashboards/` with the names of its own resources. */
export class RotationDashboards extends Construct {
  constructor(scope: Construct, id: string, { watched }: RotationDashboardsProps) {
    super(scope, id);
    const bodies = dashboardBodies(watched);
    for (const key of DASHBOARDS) {
      new CfnDashboard(this, key, {
        dashboardName: dashboardName(watched, key),
        dashboardBody: Stack.of(this).toJsonString(bodies[key]),
      });
    }
  }
}

/** The parts of a deployment that dashboards and alarms watch. */
interface WatchedDeploymentProps {
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

import { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarmDefinitions } from '../../src/monitor/observability/alarms/alarm-definitions.ts';
import { compositeAlarmInput, metricAlarmInput } from '../../src/monitor/observability/alarms/alarm-input.ts';
import { dashboardBodies } from '../../src/monitor/observability/dashboards/dashboard-bodies.ts';
import { DASHBOARDS, dashboardName } from '../../src/monitor/observability/dashboards/navigation.ts';
import type { Watched } from '../../src/monitor/observability/watched.ts';

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

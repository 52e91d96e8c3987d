import { alarmDefinitions } from '../../monitor/observability/alarms/alarm-definitions.ts';
import { compositeAlarmInput, metricAlarmInput } from '../../monitor/observability/alarms/alarm-input.ts';
import { dashboardBodies } from '../../monitor/observability/dashboards/dashboard-bodies.ts';
import { DASHBOARDS, dashboardName } from '../../monitor/observability/dashboards/navigation.ts';
import { USUAL_ROTATION_FUNCTION_WORDS, type Watched } from '../../monitor/observability/watched.ts';
import type { Home } from '../../simulator/call/service.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import type { Deployment } from './deployment.ts';
import { functionArn, NAMES, topicArn } from './environment.ts';
import { NAME_PREFIX } from './name-prefix.ts';

/** Names of functions by what they are for: in the embedded AWS a function is called what it is for. */
const named = (names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, name]));

/** What dashboards and alarms have to know of the embedded deployment. */
function watchedEmbedded(home: Home, { config, roles }: Pick<Deployment, 'config' | 'roles'>): Watched {
  const queues = {
    events: NAMES.rotationQueue,
    labels: NAMES.labelQueue,
    delivery: NAMES.deliveryQueue,
    sweeps: NAMES.sweepQueue,
  };
  return {
    ...home,
    partition: 'aws',
    namespace: config.metricsNamespace,
    functions: named(roles),
    queues,
    deadLetterQueues: { messages: NAMES.deadLetterQueue },
    hasMembers: config.members.length > 0,
    sweepIntervalSeconds: Math.ceil(config.sweepIntervalMs / 1000),
    namePrefix: NAME_PREFIX,
    dashboardPrefix: NAME_PREFIX,
    runbookBaseUrl: config.runbookBaseUrl,
    widgetFunctionArn: functionArn(home, 'open-alerts-widget'),
    rotationFunctionWords: USUAL_ROTATION_FUNCTION_WORDS,
    canaryFunction: undefined,
  };
}

/** Puts the alarms and the dashboards of an embedded deployment, as infra would. */
export async function deployObservability(simulator: Simulator, deployment: Deployment): Promise<Watched> {
  const { home } = simulator;
  const watched = watchedEmbedded(home, deployment);
  const put = (operation: string, input: object) =>
    simulator.call('monitoring', operation, { ...input }, 'deployer');
  const healthTopicArn = deployment.config.healthTopicArn ?? topicArn(home, NAMES.healthTopic);
  const { service, findings, composite } = alarmDefinitions(watched);
  for (const alarm of [...service, ...findings]) {
    await put('PutMetricAlarm', metricAlarmInput(watched, alarm, healthTopicArn));
  }
  for (const alarm of composite) {
    await put('PutCompositeAlarm', compositeAlarmInput(watched, alarm, healthTopicArn));
  }
  const bodies = dashboardBodies(watched);
  for (const key of DASHBOARDS) {
    const DashboardBody = JSON.stringify(bodies[key]);
    await put('PutDashboard', { DashboardName: dashboardName(watched, key), DashboardBody });
  }
  return watched;
}

import { expect, test } from 'vitest';
import type { DashboardBody } from '../../src/monitor/observability/dashboards/body.ts';
import { ofType } from '../../src/proving/player/deployed-resources.ts';
import { type MetricNamed, namedInAlarmInput, namedInDashboard } from '../support/metric-references.ts';
import { outsideCatalogue, unpublished } from '../support/metrics-seen.ts';
import { aDeployedMonitor, type DeployedMonitor, fullHome } from '../support/template/deployed-monitor.ts';
import { goThroughTrouble, type Troubled, troubledSecrets } from '../support/troubled-night.ts';

const { resources: RESOURCES, functions: FUNCTIONS } = fullHome();
const DASHBOARDS = ofType(RESOURCES, 'AWS::CloudWatch::Dashboard').flatMap(({ properties }) =>
  namedInDashboard(
    String(properties['DashboardName']),
    JSON.parse(String(properties['DashboardBody'])) as DashboardBody,
  ),
);
const ALARMS = ofType(RESOURCES, 'AWS::CloudWatch::Alarm').flatMap(({ properties }) =>
  namedInAlarmInput(properties),
);

/** Returns the template's values for a dimension. */
const valuesOf = (named: readonly MetricNamed[], namespace: string, dimension: string) =>
  new Set(named.flatMap((each) => (each.namespace === namespace ? (each.values?.[dimension] ?? []) : [])));
const queues = new Set(ofType(RESOURCES, 'AWS::SQS::Queue').map(({ id }) => id));
/** All but one that fails on purpose. */
const functions = new Set(
  FUNCTIONS.flatMap(({ handler, name }) => (handler === 'canary-rotation' ? [] : [name])),
);

/**
 * Resources without an alarm of their own: other alarms cover them, or people look them up:
 * decisions/0020-what-a-month-may-cost.md.
 */
const WITHOUT_ALARM =
  /SweepsQueue|-(sweep-target|acknowledge|open-alerts-widget|read-memory|record-repair|keep-exception|audit|canary-tick)$/;
const watched = (names: ReadonlySet<string>) =>
  new Set([...names].filter((name) => !WITHOUT_ALARM.test(name)));

test('deployed dashboards name every deployed queue and function and no other', () => {
  expect(valuesOf(DASHBOARDS, 'AWS/SQS', 'QueueName')).toEqual(queues);
  expect(valuesOf(DASHBOARDS, 'AWS/Lambda', 'FunctionName')).toEqual(functions);
});

test('so do deployed alarms, but for what others report', () => {
  expect(valuesOf(ALARMS, 'AWS/SQS', 'QueueName')).toEqual(watched(queues));
  expect(valuesOf(ALARMS, 'AWS/Lambda', 'FunctionName')).toEqual(watched(functions));
});

test('every metric of deployed dashboards and alarms is in the catalogue and published with exactly its dimensions', async () => {
  const named = [...DASHBOARDS, ...ALARMS];
  expect(named.length).toBeGreaterThan(100);
  expect(outsideCatalogue(named)).toEqual([]);
  const deployed = await aDeployedMonitor(troubledSecrets);
  await goThroughTrouble(inTrouble(deployed));
  const missing = await unpublished(named, deployed.simulator);
  expect([...new Set(missing.map(({ name }) => name))].sort()).toEqual(NOT_THAT_NIGHT);
});

/**
 * Counts of failures and confirmations that this night does not see: it has no other accounts, no consumers with a lease,
 * no heartbeat, and its chat and health topics work. Where each is counted has a test of its own.
 */
const NOT_THAT_NIGHT: readonly string[] = [
  'AccountListingsFailed',
  'AuditAge',
  'ChatMessagesUnrecognised',
  'DailyChecksFailed',
  'DeadlineSchedulesFailed',
  'EventsUnwatched',
  'HealthAlertsFailed',
  'HeartbeatsFailed',
  'InvalidationsConfirmed',
  'InvalidationsFailed',
  'PropagationTime',
  'SelfChecksFailed',
];

function inTrouble({ simulator, slack, deployment }: DeployedMonitor): Troubled {
  const queue = simulator.queues.find(deployment.idOf('AWS::SQS::Queue', 'RotationEvents'));
  return {
    simulator,
    slack,
    config: deployment.config,
    rotationQueueUrl: simulator.queues.url(queue),
    sweep: deployment.functionOf('sweep'),
    deliverRole: deployment.functionOf('deliver').role,
  };
}

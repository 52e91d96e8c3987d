import { expect, test } from 'vitest';
import { alarmDefinitions } from '../../src/monitor/observability/alarms/alarm-definitions.ts';
import { dashboardBodies } from '../../src/monitor/observability/dashboards/dashboard-bodies.ts';
import { deploy } from '../../src/proving/embedded/deployment.ts';
import { deployObservability } from '../../src/proving/embedded/observability.ts';
import { sideEnvironment } from '../../src/proving/embedded/side-topics.ts';
import { slackEnvironment } from '../../src/proving/embedded/slack.ts';
import { START } from '../support/deployed.ts';
import { fakeSlack } from '../support/fake-slack.ts';
import { namedInAlarm, namedInDashboard } from '../support/metric-references.ts';
import { outsideCatalogue, unpublished } from '../support/metrics-seen.ts';
import { aSimulator } from '../support/simulated.ts';
import { withDeployedRights } from '../support/template/deployed-rights.ts';
import { goThroughTrouble, troubledSecrets } from '../support/troubled-night.ts';

/** A monitor with Slack, dashboards and alarms over troubled secrets. */
async function aTroubledDeployment() {
  const simulator = aSimulator(START);
  const slack = await fakeSlack();
  troubledSecrets(simulator);
  const readers = { health: 'health@example.com' };
  const deployment = await deploy(simulator, {
    slack: { webhookUrl: slack.url },
    readers,
    environment: { ROTATION_MONITOR_SWEEP_INTERVAL: '10m' },
  });
  withDeployedRights(simulator, {
    ...slackEnvironment(simulator.home),
    ...sideEnvironment(simulator.home, readers),
  });
  const watched = await deployObservability(simulator, deployment);
  await deployment.start();
  const { config } = deployment;
  return {
    simulator,
    slack,
    config,
    rotationQueueUrl: config.deliveryQueueUrl.replace('rotation-delivery', 'rotation-events'),
    sweep: { name: 'sweep', role: 'sweep' },
    deliverRole: 'deliver',
    watched,
  };
}

test('every metric of dashboards and alarms is in the catalogue and published with exactly its dimensions', async () => {
  const troubled = await aTroubledDeployment();
  const { service, findings } = alarmDefinitions(troubled.watched);
  const named = [
    ...Object.entries(dashboardBodies(troubled.watched)).flatMap(([name, body]) =>
      namedInDashboard(name, body),
    ),
    ...[...service, ...findings].flatMap(namedInAlarm),
  ];
  expect(named.length).toBeGreaterThan(100);
  expect(outsideCatalogue(named)).toEqual([]);
  await goThroughTrouble(troubled);
  const missing = await unpublished(named, troubled.simulator);
  expect(missing.map(({ where, name, values }) => [where, name, values])).toEqual([]);
});

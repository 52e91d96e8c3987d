import { expect, onTestFinished } from 'vitest';
import {
  type Deployment,
  deployMonitor,
  type MonitorPlan,
  type PlanOptions,
  packedTemplate,
  planMonitor,
} from '../../../src/proving/player/monitor.ts';
import { type DeployedOptions, START } from '../deployed.ts';
import { type FakeSlack, fakeSlack } from '../fake-slack.ts';
import { CENTRAL } from '../organization.ts';
import { aSimulator, type TestSimulator } from '../simulated.ts';
import { aWatcher, type Watcher } from '../watcher.ts';

/** A monitor with every part, in a simulated AWS. */
export interface DeployedMonitor {
  readonly simulator: TestSimulator;
  readonly slack: FakeSlack;
  readonly watcher: Watcher;
  readonly deployment: Deployment;
  /** Log lines of all handlers. */
  readonly logs: readonly string[];
  /** Subjects of the mails so far from the topic whose name has this in it. */
  subjects(topic: string): readonly string[];
}

/** Plans the full home, alarms and dashboards included. */
export const fullHome = ({ parameters, ...options }: Omit<PlanOptions, 'template'> = {}): MonitorPlan =>
  planMonitor(CENTRAL, {
    template: packedTemplate('home-full'),
    observability: true,
    ...options,
    parameters: { HeartbeatUrlParameterName: '/rotation-monitor/heartbeat-url', ...parameters },
  });

/** Deviations of a full home from the usual one. */
interface DeployedMonitorOptions extends Omit<PlanOptions, 'template'>, Pick<DeployedOptions, 'wire'> {}

/** Deploys the full home; `prepare` fills the account first. The test fails if a function tries what it may not do. */
export async function aDeployedMonitor(
  prepare: (simulator: TestSimulator) => void,
  { wire = false, ...options }: DeployedMonitorOptions = {},
): Promise<DeployedMonitor> {
  const simulator = aSimulator(START, 1, { skipsWireFormats: !wire });
  const slack = await fakeSlack();
  const watcher = await aWatcher('your-token');
  prepare(simulator);
  const plan = fullHome(options);
  const { slackWebhookParameter, heartbeatUrlParameter } = plan.config;
  for (const [Name, Value] of [
    [slackWebhookParameter, slack.url],
    [heartbeatUrlParameter, watcher.url],
  ])
    await simulator.call('ssm', 'PutParameter', { Name, Type: 'SecureString', Value }, 'operator');
  const logs: string[] = [];
  const deployment = await deployMonitor(simulator, plan, { onLog: (line) => void logs.push(line) });
  onTestFinished(() => expect([...deployment.enforcement.refused]).toEqual([]));
  return {
    simulator,
    slack,
    watcher,
    deployment,
    logs,
    subjects: (topic) =>
      simulator.sns.inbox.filter(({ topicArn }) => topicArn.includes(topic)).map(({ subject }) => subject),
  };
}

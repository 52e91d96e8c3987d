import { ofType } from '../../../src/proving/player/deployed-resources.ts';
import type { TemplateResource } from '../../../src/proving/player/template.ts';
import { START } from '../deployed.ts';
import { type FakeSlack, fakeSlack } from '../fake-slack.ts';
import { aSimulator, type TestSimulator } from '../simulated.ts';
import { aWatcher, type Watcher } from '../watcher.ts';
import { deployChecked } from './deploy-checked.ts';

/** A synthesized monitor with every part, in a simulated AWS. */
export interface DeployedMonitor {
  readonly simulator: TestSimulator;
  readonly slack: FakeSlack;
  readonly watcher: Watcher;
  /** Deployed resources of one type. */
  ofType(type: string): readonly TemplateResource[];
  /** Name and role of the function of a handler. */
  functionOf(handler: string): { readonly name: string; readonly role: string };
  /** Subjects of the mails so far from the topic whose name has this in it. */
  subjects(topic: string): readonly string[];
}

/** Deploys the resources of a full monitor as they stand; `prepare` fills the account first. */
export async function aDeployedMonitor(
  resources: readonly TemplateResource[],
  prepare: (simulator: TestSimulator) => void,
): Promise<DeployedMonitor> {
  const simulator = aSimulator(START);
  const slack = await fakeSlack();
  const watcher = await aWatcher('your-token');
  prepare(simulator);
  await simulator.call('events', 'CreateEventBus', { Name: 'applications' }, 'operator');
  const parameter = { Name: '/rotation-monitor/slack-webhook', Type: 'SecureString', Value: slack.url };
  await simulator.call('ssm', 'PutParameter', parameter, 'operator');
  const watched = { Name: '/rotation-monitor/heartbeat-url', Type: 'SecureString', Value: watcher.url };
  await simulator.call('ssm', 'PutParameter', watched, 'operator');
  await deployChecked(simulator, resources);
  const functions = ofType(resources, 'AWS::Lambda::Function').map(({ properties }) => properties);
  return {
    simulator,
    slack,
    watcher,
    ofType: (type) => ofType(resources, type),
    functionOf: (handler) => {
      const found = functions.find(({ Handler }) => Handler === `${handler}.handler`);
      const role = String(found?.['Role']).split('/').at(-1) ?? '';
      return { name: String(found?.['FunctionName']), role };
    },
    subjects: (topic) =>
      simulator.sns.inbox.filter(({ topicArn }) => topicArn.includes(topic)).map(({ subject }) => subject),
  };
}

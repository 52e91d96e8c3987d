import { Duration, type Stack } from 'aws-cdk-lib';
import type { RotationMonitorProps } from '../../../infra/rotation-monitor.ts';
import { everyPart } from '../../../infra/templates/monitor-stack.ts';
import type { Target } from '../../../src/monitor/domain/secret/secret.ts';
import type { Enforcement } from '../../../src/proving/player/enforce.ts';
import { ROOT_ID } from '../../../src/simulator/organizations/organization.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { START } from '../deployed.ts';
import { type FakeSlack, fakeSlack } from '../fake-slack.ts';
import { CENTRAL, MEMBER, openOrganization, type TestOrganization } from '../organization.ts';
import { aWatcher } from '../watcher.ts';
import { deployOrganization } from './deployed-organization.ts';

/** Another region of the monitor's own account. */
export const FAR_CENTRAL: Target = { ...CENTRAL, region: 'us-east-1' };
const FAR_MEMBER: Target = { ...MEMBER, region: 'us-east-1' };

/** A synthesized monitor with every part there is, of a whole organization. */
export interface DeployedEverything {
  readonly organization: TestOrganization;
  readonly home: Simulator;
  readonly slack: FakeSlack;
  readonly clock: TestOrganization['clock'];
  /** Permissions of the roles of each template, with the calls they made. */
  readonly enforcements: readonly Enforcement[];
  /** Role of the function of a handler. */
  roleOf(handler: string): string;
  /** Invokes the function of a handler. */
  invoke(handler: string, event: unknown): Promise<unknown>;
  /** Id of the first resource of a type that has this in it. */
  idOf(type: string, part: string): string;
}

/** The monitor with every part, of an organization: a unit of it, and another region of its own account. */
const withEveryPart = (stack: Stack): RotationMonitorProps => ({
  ...everyPart(stack),
  sweepInterval: Duration.minutes(10),
  dashboards: false,
  members: [{ organizationalUnits: [ROOT_ID], regions: [CENTRAL.region, FAR_CENTRAL.region] }],
  organizationId: 'o-simulated1',
});

/** Deploys the monitor, and joins a member in a unit and the other region; the account that does not join is unreachable. */
export async function deployEverything(): Promise<DeployedEverything> {
  const organization = openOrganization(START);
  organization.organization.move(MEMBER.account, organization.organization.addUnit('production'));
  const home = organization.at(CENTRAL);
  const slack = await fakeSlack();
  const watcher = await aWatcher('your-token');
  const parameter = { Name: '/rotation-monitor/slack-webhook', Type: 'SecureString', Value: slack.url };
  await home.call('ssm', 'PutParameter', parameter, 'operator');
  const watched = { Name: '/rotation-monitor/heartbeat-url', Type: 'SecureString', Value: watcher.url };
  await home.call('ssm', 'PutParameter', watched, 'operator');
  const monitor = await deployOrganization(organization, { parts: withEveryPart });
  await monitor.join(MEMBER);
  await monitor.join(FAR_MEMBER);
  await monitor.join(FAR_CENTRAL);
  const { functionOf, idOf } = monitor.deployment;
  return {
    organization,
    home,
    slack,
    clock: organization.clock,
    enforcements: monitor.enforcements,
    roleOf: (handler) => functionOf(handler).role,
    invoke: (handler, event) => home.functions.invoke(functionOf(handler).name, event),
    idOf,
  };
}

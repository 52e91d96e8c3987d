import { App, Stack } from 'aws-cdk-lib';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { MemberProps } from '../../../infra/props/member-props.ts';
import { RotationMonitor, type RotationMonitorProps } from '../../../infra/rotation-monitor.ts';
import { RotationMonitorMemberStack } from '../../../infra/rotation-monitor-member-stack.ts';
import { stubHandlers } from '../../../infra/templates/monitor-stack.ts';
import type { Target } from '../../../src/monitor/domain/secret/secret.ts';
import { PLACE } from '../../../src/proving/player/deployed-resources.ts';
import type { Enforcement } from '../../../src/proving/player/enforce.ts';
import type { TemplateResource } from '../../../src/proving/player/template.ts';
import { CENTRAL, type TestOrganization } from '../organization.ts';
import { deployChecked } from './deploy-checked.ts';
import { deployedResources } from './deployed-resources.ts';

const EXTERNAL_ID = 'rotation-monitor-1a2b3c';
const ROLE_NAME = 'rotation-reader';
const STACK_NAME = 'rotation-monitor';

/** The templates of a monitor and of its members. */
export interface DeployedOrganization {
  /** The resources of the monitor. */
  readonly central: readonly TemplateResource[];
  /** What the roles of each template deployed so far may do and did. */
  readonly enforcements: readonly Enforcement[];
  /** Name of the role that the monitor assumes. */
  readonly roleName: string;
  /** Deploys the template of members somewhere, with other parameters than those it has; answers its resources. */
  join(target: Target, parameters?: Readonly<Record<string, string>>): Promise<readonly TemplateResource[]>;
}

/** What is deployed of a monitor. */
export interface OrganizationProps extends Pick<MemberProps, 'members' | 'organizationId'> {
  /** False leaves out the schedule of the sweep, so that events alone can tell. */
  readonly sweeps?: boolean;
  /** All else that the monitor is given; somebody who gets mail when left out. */
  readonly parts?: (stack: Stack) => RotationMonitorProps;
  /** The environment variables whose values CloudFormation fetches. */
  readonly fetched?: Readonly<Record<string, string>>;
}

/** Deploys the synthesized monitor to {@link CENTRAL}; members are still to join. */
export async function deployOrganization(
  organization: TestOrganization,
  { sweeps = true, parts = somebody, fetched = {}, ...props }: OrganizationProps,
): Promise<DeployedOrganization> {
  const stack = new Stack(new App(), STACK_NAME, { env: CENTRAL });
  const monitor = new RotationMonitor(stack, 'Monitor', {
    ...parts(stack),
    ...props,
    memberExternalId: EXTERNAL_ID,
    memberRoleName: ROLE_NAME,
    handlerFolder: stubHandlers(),
  });
  const central = deployedResources(stack, { ...PLACE, ...CENTRAL, stackName: STACK_NAME });
  const inAccount = ({ account }: Target) =>
    organization.simulators.filter(({ home }) => home.account === account);
  const enforcements = [
    await deployChecked(
      organization.at(CENTRAL),
      central.filter(({ type }) => sweeps || type !== 'AWS::Scheduler::Schedule'),
      { regions: inAccount(CENTRAL), fetched },
    ),
  ];
  const member = memberStack(monitor);
  return {
    central,
    enforcements,
    roleName: ROLE_NAME,
    join: async (target, parameters = {}) => {
      const place = { ...PLACE, ...target, sqsEndpoint: `https://sqs.${target.region}.amazonaws.com` };
      const resources = deployedResources(member, { ...place, parameters });
      const regions = inAccount(target);
      enforcements.push(await deployChecked(organization.at(target), resources, { regions }));
      return resources;
    },
  };
}

const somebody = (): RotationMonitorProps => ({
  subscriptions: [new EmailSubscription('oncall@example.com')],
});

const memberStack = ({ memberBus }: RotationMonitor): Stack =>
  new RotationMonitorMemberStack(new App(), 'rotation-monitor-member', {
    parameters: {
      monitorAccountId: CENTRAL.account,
      monitorRegion: CENTRAL.region,
      monitorEventBusName: memberBus?.eventBusName ?? '',
      monitorRoleNames: `${STACK_NAME}-*`,
      externalId: EXTERNAL_ID,
      roleName: ROLE_NAME,
      roleRegion: CENTRAL.region,
      regions: ['eu-west-1', 'us-east-1'],
    },
  });

import { App, Stack } from 'aws-cdk-lib';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { MemberProps } from '../../../infra/member-props.ts';
import { RotationMonitor } from '../../../infra/rotation-monitor.ts';
import { RotationMonitorMemberStack } from '../../../infra/rotation-monitor-member-stack.ts';
import { deployedResources, PLACE } from '../../../scripts/template/deployed-resources.ts';
import { stubHandlers } from '../../../scripts/template/monitor-stack.ts';
import type { TemplateResource } from '../../../scripts/template/template.ts';
import type { Target } from '../../../src/domain/secret.ts';
import { CENTRAL, type TestOrganization } from '../organization.ts';
import { deployTemplate } from './deploy-template.ts';

const EXTERNAL_ID = 'rotation-monitor-1a2b3c';
const ROLE_NAME = 'rotation-reader';
const STACK_NAME = 'rotation-monitor';

/** The templates of a monitor and of its members. */
export interface DeployedOrganization {
  /** The resources of the monitor. */
  readonly central: readonly TemplateResource[];
  /** Name of the role that the monitor assumes. */
  readonly roleName: string;
  /** Deploys the template of members somewhere, with other parameters than those it has; answers its resources. */
  join(target: Target, parameters?: Readonly<Record<string, string>>): Promise<readonly TemplateResource[]>;
}

/** What is deployed of a monitor. */
export interface OrganizationProps extends Pick<MemberProps, 'members' | 'organizationId'> {
  /** False leaves out the schedule of the sweep, so that events alone can tell. */
  readonly sweeps?: boolean;
}

/** Deploys the synthesized monitor to {@link CENTRAL}; members are still to join. */
export async function deployOrganization(
  organization: TestOrganization,
  { sweeps = true, ...props }: OrganizationProps,
): Promise<DeployedOrganization> {
  const stack = new Stack(new App(), STACK_NAME, { env: CENTRAL });
  const monitor = new RotationMonitor(stack, 'Monitor', {
    ...props,
    memberExternalId: EXTERNAL_ID,
    memberRoleName: ROLE_NAME,
    subscriptions: [new EmailSubscription('oncall@example.com')],
    handlerFolder: stubHandlers(),
  });
  const central = deployedResources(stack, { ...PLACE, ...CENTRAL, stackName: STACK_NAME });
  await deployTemplate(
    organization.at(CENTRAL),
    central.filter(({ type }) => sweeps || type !== 'AWS::Scheduler::Schedule'),
  );
  const member = memberStack(monitor);
  return {
    central,
    roleName: ROLE_NAME,
    join: async (target, parameters = {}) => {
      const place = { ...PLACE, ...target, sqsEndpoint: `https://sqs.${target.region}.amazonaws.com` };
      const resources = deployedResources(member, { ...place, parameters });
      await deployTemplate(organization.at(target), resources);
      return resources;
    },
  };
}

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

import { App, Stack } from 'aws-cdk-lib';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { expect, onTestFinished } from 'vitest';
import type { MemberProps } from '../../../infra/props/member-props.ts';
import { RotationMonitor, type RotationMonitorProps } from '../../../infra/rotation-monitor.ts';
import { RotationMonitorMemberStack } from '../../../infra/rotation-monitor-member-stack.ts';
import { stubHandlers, templateOf } from '../../../infra/templates/monitor-stack.ts';
import type { Target } from '../../../src/monitor/domain/secret/secret.ts';
import { PLACE, resourcesIn } from '../../../src/proving/player/deployed-resources.ts';
import type { Enforcement } from '../../../src/proving/player/enforce.ts';
import {
  type Deployment,
  deployMonitor,
  type MonitorPlan,
  packedTemplate,
  planMonitor,
} from '../../../src/proving/player/monitor.ts';
import type { TemplateResource } from '../../../src/proving/player/template.ts';
import { CENTRAL, type TestOrganization } from '../organization.ts';
import { deployChecked } from './deploy-checked.ts';

const EXTERNAL_ID = 'rotation-monitor-1a2b3c';
const ROLE_NAME = 'rotation-reader';
const STACK_NAME = 'rotation-monitor';

/** The templates of a monitor and of its members. */
export interface DeployedOrganization {
  readonly deployment: Deployment;
  /** Permissions of the roles of each template deployed so far, with the calls they made. */
  readonly enforcements: readonly Enforcement[];
  /** Name of the role that the monitor assumes. */
  readonly roleName: string;
  /** Deploys the template of members somewhere, with other parameters than those it has; answers its resources. */
  join(target: Target, parameters?: Readonly<Record<string, string>>): Promise<readonly TemplateResource[]>;
}

/** Options of a monitor's deployment. */
export interface OrganizationProps extends Pick<MemberProps, 'members' | 'organizationId'> {
  /** False leaves out the schedule of the sweep, so that events alone report changes. */
  readonly sweeps?: boolean;
  /** False leaves out alarms and dashboards. */
  readonly observability?: boolean;
  /** All else that the monitor is given, by a function that always gives the same; somebody who gets mail when left out. */
  readonly parts?: (stack: Stack) => RotationMonitorProps;
}

/** Deploys the synthesized monitor to {@link CENTRAL}; members are still to join. */
export async function deployOrganization(
  organization: TestOrganization,
  { parts = somebody, ...props }: OrganizationProps,
): Promise<DeployedOrganization> {
  const { plan, parameters, member } = planned(parts, props);
  const inAccount = ({ account }: Target) =>
    organization.simulators.filter(({ home }) => home.account === account);
  const regions = inAccount(CENTRAL);
  const deployment = await deployMonitor(organization.at(CENTRAL), plan, { regions });
  const enforcements = [deployment.enforcement];
  onTestFinished(() => expect([...deployment.enforcement.refused]).toEqual([]));
  return {
    deployment,
    enforcements,
    roleName: ROLE_NAME,
    join: async (target, others = {}) => {
      const place = { ...PLACE, ...target, sqsEndpoint: `https://sqs.${target.region}.amazonaws.com` };
      const resources = resourcesIn(member, { ...place, parameters: { ...parameters, ...others } });
      const own = { regions: inAccount(target) };
      enforcements.push(await deployChecked(organization.at(target), resources, own));
      return resources;
    },
  };
}

/** A monitor before it is deployed, and what its members are given. */
interface PlannedOrganization {
  readonly plan: MonitorPlan;
  /** The template of members, and its parameters. */
  readonly member: unknown;
  readonly parameters: Readonly<Record<string, string>>;
}

type Parts = NonNullable<OrganizationProps['parts']>;
type Others = Omit<OrganizationProps, 'parts'>;

const made = new Map<Parts, Map<string, PlannedOrganization>>();

/** The plan of a monitor with these parts; each is synthesized once, and those who deploy it only read it. */
function planned(parts: Parts, props: Others): PlannedOrganization {
  const ofParts = made.get(parts) ?? new Map<string, PlannedOrganization>();
  made.set(parts, ofParts);
  const key = JSON.stringify(props);
  const plan = ofParts.get(key) ?? synthesized(parts, props);
  ofParts.set(key, plan);
  return plan;
}

function synthesized(parts: Parts, props: Others): PlannedOrganization {
  const { sweeps = true, observability = true, ...rest } = props;
  const stack = new Stack(new App(), STACK_NAME, { env: CENTRAL });
  const given = parts(stack);
  const monitor = new RotationMonitor(stack, 'Monitor', {
    ...given,
    ...rest,
    memberExternalId: EXTERNAL_ID,
    memberRoleName: ROLE_NAME,
    handlerFolder: stubHandlers(),
  });
  const template = templateOf(stack);
  return {
    plan: planMonitor(CENTRAL, { template, stackName: STACK_NAME, sweeps, observability }),
    member: given.securityHubVerdicts ? templateOf(askingMember()) : MEMBER_TEMPLATE,
    parameters: memberParameters(monitor),
  };
}

/** One who gets mail of everything. */
export const somebody = (): RotationMonitorProps => ({
  subscriptions: [new EmailSubscription('oncall@example.com')],
});

const MEMBER_TEMPLATE = packedTemplate('member');

/** A member whose Security Hub may be asked, too; its parameters are those of the packed template. */
const askingMember = (): Stack =>
  new RotationMonitorMemberStack(new App(), 'rotation-monitor-member', {
    parameters: { monitorRoleNames: 'rotation-monitor-*' },
    securityHubVerdicts: true,
  });

const memberParameters = ({ memberBus }: RotationMonitor): Readonly<Record<string, string>> => ({
  MonitorAccountId: CENTRAL.account,
  MonitorRegion: CENTRAL.region,
  MonitorEventBusName: memberBus?.eventBusName ?? '',
  MonitorRoleNames: `${STACK_NAME}-*`,
  ExternalId: EXTERNAL_ID,
  RoleName: ROLE_NAME,
  RoleRegion: CENTRAL.region,
  Regions: 'eu-west-1,us-east-1',
});

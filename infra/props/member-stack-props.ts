import type { StackProps } from 'aws-cdk-lib';

/** Parameters of a deployment of the member template; those that are unknown here are asked for at deployment. */
export interface MemberParameters {
  readonly monitorAccountId?: string | undefined;
  readonly monitorRegion?: string | undefined;
  readonly monitorEventBusName?: string | undefined;
  readonly monitorRoleNames: string;
  readonly externalId?: string | undefined;
  readonly roleName?: string | undefined;
  readonly regions?: readonly string[] | undefined;
  readonly roleRegion?: string | undefined;
}

/** Properties of the stack of a member. */
export interface RotationMonitorMemberStackProps extends StackProps {
  readonly parameters: MemberParameters;
  /**
   * Whether the monitor may look at rotation functions.
   *
   * @default true
   */
  readonly inspectFunctions?: boolean;
  /**
   * Whether the monitor may ask CloudTrail's event history.
   *
   * @default true
   */
  readonly eventHistory?: boolean;
  /**
   * Whether the monitor may read Security Hub's own verdicts.
   *
   * @default false
   */
  readonly securityHubVerdicts?: boolean;
}

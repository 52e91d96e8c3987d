import type { StackProps } from 'aws-cdk-lib';

/** What a deployment of the member template is told; what is not known here is asked for then. */
interface MemberParameters {
  readonly monitorAccountId?: string | undefined;
  readonly monitorRegion?: string | undefined;
  readonly monitorEventBusName?: string | undefined;
  readonly monitorRoleNames: string;
  readonly externalId?: string | undefined;
  readonly roleName?: string | undefined;
  readonly regions?: readonly string[] | undefined;
  readonly roleRegion?: string | undefined;
}

/** Properties of a the stack of a member. */
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
}

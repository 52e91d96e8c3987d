import { BootstraplessSynthesizer, CfnParameter, type CfnParameterProps, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { RotationMonitorMemberStackProps } from './props/member-stack-props.ts';
import { RotationMonitorMember } from './rotation-monitor-member.ts';

/**
 * The template of a stack set: one member, with the monitor it belongs to as parameters. It has no assets and needs no
 * bootstrapped environment.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-concepts.html
 */
export class RotationMonitorMemberStack extends Stack {
  constructor(scope: Construct, id: string, props: RotationMonitorMemberStackProps) {
    const {
      parameters,
      inspectFunctions = true,
      eventHistory = true,
      securityHubVerdicts = false,
      ...stackProps
    } = props;
    super(scope, id, {
      description: 'Lets the secret rotation monitor of another account or region watch this one',
      // @ts-expect-error [ts2375] -- the CDK's own class is declared without exactOptionalPropertyTypes
      synthesizer: new BootstraplessSynthesizer(),
      analyticsReporting: false,
      ...stackProps,
    });
    new RotationMonitorMember(this, 'Member', {
      monitorAccountId: this.#ask('MonitorAccountId', {
        description: 'Account that the monitor runs in',
        default: parameters.monitorAccountId,
        allowedPattern: '\\d{12}',
      }).valueAsString,
      monitorRegion: this.#ask('MonitorRegion', {
        description: 'Region that the monitor runs in',
        default: parameters.monitorRegion,
        allowedPattern: REGION,
      }).valueAsString,
      monitorEventBusName: this.#ask('MonitorEventBusName', {
        description: 'Event bus on which the monitor takes events of members',
        default: parameters.monitorEventBusName,
        allowedPattern: '[\\w./-]{1,256}',
      }).valueAsString,
      monitorRoleNames: this.#ask('MonitorRoleNames', {
        description: 'Names of the roles of the monitor, with * for any text',
        default: parameters.monitorRoleNames,
        allowedPattern: '[\\w+=,.@*-]{1,64}',
      }).valueAsString,
      externalId: this.#ask('ExternalId', {
        description: 'What the monitor has to say to assume the role',
        default: parameters.externalId,
        allowedPattern: '[\\w+=,.@:/-]{2,1224}',
      }).valueAsString,
      roleName: this.#ask('RoleName', {
        description: 'Name of the role that the monitor assumes',
        default: parameters.roleName,
        allowedPattern: '[\\w+=,.@-]{1,64}',
      }).valueAsString,
      roleRegion: this.#ask('RoleRegion', {
        description: 'Region whose stack makes this role; one of those that the stack set is deployed to',
        default: parameters.roleRegion,
        allowedPattern: REGION,
      }).valueAsString,
      inspectFunctions,
      eventHistory,
      securityHubVerdicts,
      regions: this.#ask('Regions', {
        type: 'CommaDelimitedList',
        description: 'All regions in which secrets are watched',
        default: parameters.regions?.join(','),
      }).valueAsList,
    });
  }

  #ask(name: string, { default: known, ...props }: CfnParameterProps): CfnParameter {
    return new CfnParameter(this, name, { ...props, ...(known === undefined ? {} : { default: known }) });
  }
}

const REGION = '[a-z]{2}(-[a-z]+)+-\\d{1,2}';

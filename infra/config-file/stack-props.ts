import { Duration } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { type ITopicSubscription, SubscriptionFilter, SubscriptionProtocol } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, SmsSubscription, UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { AUDIT_SETTINGS } from '../../src/monitor/config/audit-settings.ts';
import { RESOURCE_SETTINGS } from '../../src/monitor/config/resource-settings.ts';
import { SERVICE_SETTINGS } from '../../src/monitor/config/service-settings.ts';
import type { Setting } from '../../src/monitor/config/setting.ts';
import * as kind from '../../src/monitor/config/setting-kind.ts';
import type { MemberGroup } from '../props/member-props.ts';
import type { RotationMonitorMemberStackProps } from '../props/member-stack-props.ts';
import { regionsIn } from '../props/membership.ts';
import type { RotationMonitorProps } from '../props/rotation-monitor-props.ts';
import { AUDIT_SETTING_PROPS, SETTING_PROPS } from '../props/setting-props.ts';
import type { ConfigFile, FileSubscription } from './config-file.ts';
import { fileMembers } from './file-members.ts';
import {
  AMAZON_Q,
  AUDIT_BUCKET,
  AUDIT_KEY_PREFIX,
  AUDIT_OBJECT_LOCK,
  AUDIT_SCHEDULE,
  AUDIT_TIME_ZONE,
  AUDITS,
  CANARY,
  DASHBOARDS,
  isOn,
  LOCAL_AGENTS,
  SUBSCRIBED_ELSEWHERE,
  SWEEPS_AT_ONCE,
} from './file-settings.ts';

/** Returns the file's entries as properties of a monitor in `scope`. */
export function monitorProps(scope: Construct, file: ConfigFile): RotationMonitorProps {
  const { settings, subscriptions } = file;
  const text = ({ key }: Setting<unknown>): string | undefined => settings[key];
  const busName = text(RESOURCE_SETTINGS.applicationBusName);
  const heartbeat = text(RESOURCE_SETTINGS.heartbeatUrlParameter);
  const parameter = text(RESOURCE_SETTINGS.slackWebhookParameter);
  const sweepsAtOnce = text(SWEEPS_AT_ONCE);
  const chosen = [...SETTING_PROPS, ...AUDIT_SETTING_PROPS].filter(
    ({ setting }) => text(setting) !== undefined,
  );
  const to = (wanted: FileSubscription['topic']) =>
    subscriptions.filter(({ topic }) => topic === wanted).map(subscriptionOf);
  const health = to('health');
  return {
    ...Object.fromEntries(chosen.map(({ name, setting }) => [name, propOf(setting, text(setting) ?? '')])),
    subscriptions: to('alerts'),
    escalationSubscriptions: to('escalations'),
    ...fileMembers(file),
    dashboards: isOn(settings, DASHBOARDS),
    audits: isOn(settings, AUDITS),
    ...auditProps(scope, text),
    amazonQ: isOn(settings, AMAZON_Q),
    canary: isOn(settings, CANARY),
    localAgents: isOn(settings, LOCAL_AGENTS),
    ...(sweepsAtOnce === undefined ? {} : { sweepsAtOnce: Number(sweepsAtOnce) }),
    subscribedElsewhere: isOn(settings, SUBSCRIBED_ELSEWHERE),
    ...(health.length === 0 ? {} : { healthSubscriptions: health }),
    ...(parameter === undefined ? {} : { slackWebhookParameterName: parameter }),
    ...(heartbeat === undefined ? {} : { heartbeatUrlParameterName: heartbeat }),
    ...(busName === undefined
      ? {}
      : { applicationBus: EventBus.fromEventBusName(scope, 'ApplicationBus', busName) }),
  };
}

/** Returns the entries about audits as properties of a monitor in `scope`. */
function auditProps(
  scope: Construct,
  text: (setting: Setting<unknown>) => string | undefined,
): Pick<
  RotationMonitorProps,
  'auditSchedule' | 'auditTimeZone' | 'auditBucket' | 'auditKeyPrefix' | 'auditObjectLock'
> {
  const auditSchedule = text(AUDIT_SCHEDULE);
  const auditTimeZone = text(AUDIT_TIME_ZONE);
  const bucketName = text(AUDIT_BUCKET);
  const auditKeyPrefix = text(AUDIT_KEY_PREFIX);
  const lock = text(AUDIT_OBJECT_LOCK);
  return {
    ...(auditSchedule === undefined ? {} : { auditSchedule }),
    ...(auditTimeZone === undefined ? {} : { auditTimeZone }),
    ...(bucketName === undefined
      ? {}
      : { auditBucket: Bucket.fromBucketName(scope, 'AuditBucket', bucketName) }),
    ...(auditKeyPrefix === undefined ? {} : { auditKeyPrefix }),
    ...(lock === undefined ? {} : { auditObjectLock: Duration.millis(Number(kind.duration.parse(lock))) }),
  };
}

/** A checked text as the value of its property. */
function propOf(setting: Setting<unknown>, text: string): unknown {
  const value = setting.kind.parse(text);
  if (setting.kind === kind.duration) return Duration.millis(Number(value));
  return value;
}

function subscriptionOf({ protocol, endpoint, filter }: FileSubscription): ITopicSubscription {
  const filterPolicy = Object.fromEntries(
    Object.entries(filter ?? {}).map(([name, allowlist]) => [
      name,
      SubscriptionFilter.stringFilter({ allowlist: [...allowlist] }),
    ]),
  );
  const props = filter === undefined ? {} : { filterPolicy };
  switch (protocol) {
    case 'email':
      return new EmailSubscription(endpoint, props);
    case 'sms':
      return new SmsSubscription(endpoint, props);
    case 'https':
      return new UrlSubscription(endpoint, { ...props, protocol: SubscriptionProtocol.HTTPS });
  }
}

/** The deployment that members are members of. */
interface MonitorPlace {
  /** Undefined when it is decided while deploying. */
  readonly account: string | undefined;
  /** Undefined when it is decided while deploying. */
  readonly region: string | undefined;
  readonly stackName: string;
  readonly memberBusName: string;
}

/** Returns the file's entries about members as the properties of their stack. */
export function memberStackProps(
  { settings, targets }: ConfigFile,
  { account, region, stackName, memberBusName }: MonitorPlace,
): RotationMonitorMemberStackProps {
  const { memberExternalId, memberRoleName } = RESOURCE_SETTINGS;
  const { inspectFunctions, eventHistory } = SERVICE_SETTINGS;
  return {
    parameters: {
      monitorAccountId: account,
      monitorRegion: region,
      monitorEventBusName: memberBusName,
      // CloudFormation begins the names of roles with that of their stack.
      monitorRoleNames: `${stackName}-*`,
      externalId: settings[memberExternalId.key],
      roleName: settings[memberRoleName.key] ?? memberRoleName.default,
      regions: regionsIn(targets),
      roleRegion: roleRegion(targets, region),
    },
    inspectFunctions: isOn(settings, inspectFunctions),
    eventHistory: isOn(settings, eventHistory),
    securityHubVerdicts: isOn(settings, AUDIT_SETTINGS.asksSecurityHub),
  };
}

/** A region in which every group has a stack that can make the role, that of the monitor if it is one; undefined without one. */
function roleRegion(members: readonly MemberGroup[], monitorRegion: string | undefined): string | undefined {
  const shared = regionsIn(members).filter((region) =>
    members.every(({ regions }) => regions.includes(region)),
  );
  return shared.find((region) => region === monitorRegion) ?? shared[0];
}

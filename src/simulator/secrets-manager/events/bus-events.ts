import type { Instant } from '../../../calendar/instant.ts';
import type { BusEvent } from '../../call/service.ts';
import { eventTime } from '../../cloudtrail/api-call.ts';
import type { Core } from '../store/core.ts';
import type { Secret } from '../store/secret.ts';

const EVENT_SOURCE = 'secretsmanager.amazonaws.com';

/** Service events by their CloudTrail names. https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html */
export type ServiceEventName =
  | 'RotationStarted'
  | 'RotationSucceeded'
  | 'RotationFailed'
  | 'RotationAbandoned'
  | 'TestRotationStarted'
  | 'TestRotationSucceeded'
  | 'TestRotationFailed'
  | 'ReplicationStarted'
  | 'ReplicationSucceeded'
  | 'ReplicationFailed'
  | 'StartSecretVersionDelete'
  | 'EndSecretVersionDelete'
  | 'CancelSecretVersionDelete'
  | 'SecretVersionDeletion';

/** The envelope that EventBridge puts around a CloudTrail record. */
export function cloudTrailEvent(
  core: Core,
  detailType: string,
  at: Instant,
  detail: Readonly<Record<string, unknown>>,
): BusEvent {
  const common = { eventTime: eventTime(at), eventSource: EVENT_SOURCE, awsRegion: core.home.region };
  const closing = {
    eventID: core.random.uuid(),
    readOnly: false,
    managementEvent: true,
    recipientAccountId: core.home.account,
    eventCategory: 'Management',
  };
  return {
    ...envelope(core, detailType, at),
    resources: [],
    detail: { eventVersion: '1.11', ...common, ...detail, ...closing },
  };
}

/** A step of a rotation or its test; behind the ARN in requestID stands the version id. */
export function rotationEvent(
  core: Core,
  eventName: ServiceEventName,
  { secret, token, errorMessage }: { secret: Secret; token: string; errorMessage?: string | undefined },
): BusEvent {
  return serviceEvent(core, eventName, {
    ...(errorMessage !== undefined && { errorMessage }),
    additionalEventData: { SecretId: secret.arn },
    requestID: `Rotation-${secret.arn}-${token}`,
  });
}

/** The copying of a secret to one other Region; no published record shows the shape, which Region it is among it. */
export function replicationEvent(
  core: Core,
  eventName: ServiceEventName,
  { secret, errorMessage }: { secret: Secret; errorMessage?: string | undefined },
): BusEvent {
  return serviceEvent(core, eventName, {
    ...(errorMessage !== undefined && { errorMessage }),
    additionalEventData: { SecretId: secret.arn },
    requestID: core.random.uuid(),
  });
}

/** The end, or the rescue, of a version; it names the secret but not the version. */
export function deletionEvent(
  core: Core,
  eventName: ServiceEventName,
  { arn, name }: Secret,
  requestID: string,
): BusEvent {
  return serviceEvent(core, eventName, { additionalEventData: { ARN: arn, Name: name }, requestID });
}

/** The native event that reports that a label other than AWSPENDING and AWSPREVIOUS is on another version now. */
export function labelUpdatedEvent(
  core: Core,
  { arn, name }: Secret,
  labelUpdated: string,
  versionId: string,
): BusEvent {
  return {
    ...envelope(core, 'Secret Label Updated', core.clock.now()),
    resources: [arn],
    detail: { name, labelUpdated, versionId },
  };
}

function serviceEvent(core: Core, eventName: ServiceEventName, detail: Readonly<Record<string, unknown>>) {
  return cloudTrailEvent(core, 'AWS Service Event via CloudTrail', core.clock.now(), {
    userIdentity: { accountId: core.home.account, invokedBy: EVENT_SOURCE },
    eventName,
    sourceIPAddress: EVENT_SOURCE,
    userAgent: EVENT_SOURCE,
    requestParameters: null,
    responseElements: null,
    ...detail,
    eventType: 'AwsServiceEvent',
  });
}

function envelope({ home, random }: Core, detailType: string, at: Instant) {
  return {
    version: '0' as const,
    id: random.uuid(),
    'detail-type': detailType,
    source: 'aws.secretsmanager',
    account: home.account,
    time: eventTime(at),
    region: home.region,
  };
}

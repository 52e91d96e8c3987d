import {
  type Replicated,
  ROTATION_STEPS,
  type RotationEvent,
  type RotationFailure,
  type RotationOutcome,
} from '../../domain/rotation/rotation-event.ts';
import type { EventHead } from './event-head.ts';
import { textAt } from './json-reader.ts';

type ServiceEventKind = RotationOutcome['kind'] | RotationFailure['kind'] | Replicated['kind'];

/** Every event Secrets Manager itself sends through CloudTrail, and what it is to us. */
export const SERVICE_EVENTS: ReadonlyMap<string, ServiceEventKind | 'ignored'> = new Map([
  ['RotationStarted', 'rotation-started'],
  ['RotationSucceeded', 'rotation-succeeded'],
  ['RotationFailed', 'rotation-failed'],
  ['RotationAbandoned', 'rotation-abandoned'],
  ['TestRotationStarted', 'test-rotation-started'],
  ['TestRotationSucceeded', 'test-rotation-succeeded'],
  ['TestRotationFailed', 'test-rotation-failed'],
  ['ReplicationStarted', 'replication-started'],
  ['ReplicationSucceeded', 'replication-succeeded'],
  ['ReplicationFailed', 'replication-failed'],
  ['StartSecretVersionDelete', 'ignored'],
  ['EndSecretVersionDelete', 'ignored'],
  ['CancelSecretVersionDelete', 'ignored'],
  ['SecretVersionDeletion', 'ignored'],
]);

/** Reads the outcome of a rotation or a copying out of the `detail` of a service event. */
export function parseServiceEvent(head: EventHead, kind: ServiceEventKind, detail: unknown): RotationEvent {
  if (isReplication(kind)) return { ...head, kind };
  const versionId = rotatedVersion(head, textAt(detail, ['requestID'], 4096));
  if (kind !== 'rotation-failed' && kind !== 'test-rotation-failed') return { ...head, kind, versionId };
  const message = textAt(detail, ['errorMessage'], 8192) ?? '';
  return {
    ...head,
    kind,
    versionId,
    step: ROTATION_STEPS.find((step) => message.includes(`during ${step} step`)),
    functionArn: /arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]{1,140}(:[\w$-]{1,128})?/.exec(message)?.[0],
    notCreatedByFunction: message.includes('was not created by Lambda'),
  };
}

const isReplication = (kind: ServiceEventKind): kind is Replicated['kind'] => kind.startsWith('replication-');

/**
 * A version id is the token of the request that made the version: 32 to 64 characters of any kind, such as `terraform-`
 * and digits. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
 */
const VERSION_ID = /^.{32,64}$/su;

/** `Rotation-<ARN>-<version id>` is not documented: anything else names no version. */
function rotatedVersion({ secret }: EventHead, requestId: string | undefined): string | undefined {
  if (secret.kind !== 'arn' || requestId === undefined) return undefined;
  const prefix = `Rotation-${secret.arn}-`;
  const versionId = requestId.startsWith(prefix) ? requestId.slice(prefix.length) : '';
  return VERSION_ID.test(versionId) ? versionId : undefined;
}

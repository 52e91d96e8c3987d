import {
  type ParsedEvent,
  type Replicated,
  ROTATION_STEPS,
  type RotationEvent,
  type RotationFailure,
  type RotationOutcome,
  type SecretReference,
} from '../../domain/rotation/rotation-event.ts';
import { asSecretArn } from '../../domain/secret/secret.ts';
import { isVersionId } from '../../domain/secret/version-stage.ts';
import { apiCallKind, parseApiCall } from './api-call.ts';
import { type EventHead, eventHead, eventId } from './event-head.ts';
import { at, textAt } from './json-reader.ts';

type ServiceEventKind = RotationOutcome['kind'] | RotationFailure['kind'] | Replicated['kind'];

/** Every event Secrets Manager itself sends through CloudTrail, and what it is to us. */
const SERVICE_EVENTS: ReadonlyMap<string, ServiceEventKind | 'ignored'> = new Map([
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
function parseServiceEvent(head: EventHead, kind: ServiceEventKind, detail: unknown): RotationEvent {
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

/** `Rotation-<ARN>-<version id>` is not documented: anything else names no version. */
function rotatedVersion({ secret }: EventHead, requestId: string | undefined): string | undefined {
  if (secret.kind !== 'arn' || requestId === undefined) return undefined;
  const prefix = `Rotation-${secret.arn}-`;
  const versionId = requestId.startsWith(prefix) ? requestId.slice(prefix.length) : '';
  return isVersionId(versionId) ? versionId : undefined;
}

/** Paths at which AWS itself writes the full ARN; before February 2024 some operations spelled it `aRN`. */
const BY_SERVICE = [
  ['additionalEventData', 'SecretId'],
  ['additionalEventData', 'ARN'],
  ['serviceEventDetails', 'secretId'],
  ['serviceEventDetails', 'SecretId'],
  ['responseElements', 'arn'],
  ['responseElements', 'aRN'],
  ['responseElements', 'ARN'],
] as const;

/** Paths of the caller's own words: a name, an ARN, or an ARN without its suffix, which can look like a whole one. */
const BY_CALLER = [
  ['requestParameters', 'secretId'],
  ['requestParameters', 'name'],
] as const;

/**
 * Returns the secret that the `detail` of a CloudTrail event names; the place differs by event.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html
 */
function secretReference(detail: unknown): SecretReference | undefined {
  const named = BY_SERVICE.map((path) => textAt(detail, path)).filter((text) => text !== undefined);
  const arn = named.map(asSecretArn).find((text) => text !== undefined);
  if (arn !== undefined) return { kind: 'arn', arn };
  const id = named[0] ?? BY_CALLER.map((path) => textAt(detail, path)).find((text) => text !== undefined);
  return id === undefined ? undefined : { kind: 'id', id };
}

/** Translates an EventBridge envelope; never throws, whatever it is given. */
export function parseRotationEvent(envelope: unknown): ParsedEvent {
  const id = eventId(envelope);
  const said = textAt(envelope, ['source']) === 'aws.secretsmanager' ? read(envelope) : UNKNOWN.source;
  return 'reason' in said ? { ...said, id } : said;
}

/** An event that nobody reads further, and why; its id is added last. */
interface Refusal {
  readonly kind: 'unrecognised' | 'ignored';
  readonly reason: string;
}

const unrecognised = (reason: string): Refusal => ({ kind: 'unrecognised', reason });
const ignored = (reason: string): Refusal => ({ kind: 'ignored', reason });

const UNKNOWN = {
  source: unrecognised('foreign source'),
  detailType: unrecognised('unknown detail-type'),
  record: unrecognised('foreign or newer record'),
  name: unrecognised('unknown event name'),
  secret: unrecognised('no secret named'),
  label: unrecognised('no label or version'),
  head: unrecognised('no id, time, account or region'),
} as const;

type Reading = Exclude<ParsedEvent, { readonly reason: string }> | Refusal;

function read(envelope: unknown): Reading {
  switch (textAt(envelope, ['detail-type'])) {
    case 'Secret Label Updated':
      return labelUpdated(envelope);
    case 'AWS Service Event via CloudTrail':
      return serviceEvent(envelope);
    case 'AWS API Call via CloudTrail':
      return apiCall(envelope);
    default:
      return UNKNOWN.detailType;
  }
}

function labelUpdated(envelope: unknown): Reading {
  const arn = asSecretArn(textAt(envelope, ['resources', 0]) ?? '');
  const name = textAt(envelope, ['detail', 'name']);
  const label = textAt(envelope, ['detail', 'labelUpdated'], 256);
  const versionId = textAt(envelope, ['detail', 'versionId'], 64);
  if (arn === undefined && name === undefined) return UNKNOWN.secret;
  if (label === undefined || versionId === undefined) return UNKNOWN.label;
  const head = eventHead(envelope, arn === undefined ? { kind: 'id', id: name ?? '' } : { kind: 'arn', arn });
  return head === undefined ? UNKNOWN.head : { ...head, kind: 'label-moved', label, versionId };
}

function serviceEvent(envelope: unknown): Reading {
  const detail = at(envelope, 'detail');
  if (!isOurRecord(detail)) return UNKNOWN.record;
  const kind = SERVICE_EVENTS.get(textAt(detail, ['eventName']) ?? '');
  if (kind === undefined) return UNKNOWN.name;
  if (kind === 'ignored') return IRRELEVANT;
  const head = recordHead(envelope, detail);
  return 'reason' in head ? head : parseServiceEvent(head, kind, detail);
}

function apiCall(envelope: unknown): Reading {
  const detail = at(envelope, 'detail');
  if (!isOurRecord(detail)) return UNKNOWN.record;
  const name = textAt(detail, ['eventName']) ?? '';
  const kind = apiCallKind(name);
  if (kind === undefined) return UNKNOWN.name;
  if (kind === 'ignored') return IRRELEVANT;
  if ((at(detail, 'errorCode') ?? undefined) !== undefined) return ignored('failed call');
  const head = recordHead(envelope, detail);
  return 'reason' in head ? head : parseApiCall(head, name, detail);
}

const IRRELEVANT = ignored('does not bear on a rotation');

/** CloudTrail promises to stay readable within a major version. */
const isOurRecord = (detail: unknown): boolean =>
  (textAt(detail, ['eventSource']) ?? 'secretsmanager.amazonaws.com') === 'secretsmanager.amazonaws.com' &&
  (textAt(detail, ['eventVersion']) ?? '1.').startsWith('1.');

function recordHead(envelope: unknown, detail: unknown): EventHead | Refusal {
  const secret = secretReference(detail);
  if (secret === undefined) return UNKNOWN.secret;
  return eventHead(envelope, secret) ?? UNKNOWN.head;
}

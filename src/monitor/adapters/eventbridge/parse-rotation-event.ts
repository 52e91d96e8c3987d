import type { ParsedEvent } from '../../domain/rotation/rotation-event.ts';
import { asSecretArn } from '../../domain/secret/secret.ts';
import { apiCallKind, parseApiCall } from './api-call.ts';
import { type EventHead, eventHead, eventId } from './event-head.ts';
import { at, textAt } from './json-reader.ts';
import { secretReference } from './secret-reference.ts';
import { parseServiceEvent, SERVICE_EVENTS } from './service-event.ts';

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

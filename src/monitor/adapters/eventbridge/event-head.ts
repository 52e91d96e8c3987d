import { type Instant, parseInstant } from '../../../calendar/instant.ts';
import type { SecretReference } from '../../domain/rotation/rotation-event.ts';
import { textAt } from './json-reader.ts';

/** The fields that all events share, once an event was found to be of Secrets Manager. */
export interface EventHead {
  readonly id: string;
  readonly at: Instant;
  readonly account: string;
  readonly region: string;
  readonly secret: SecretReference;
}

/**
 * The idempotency key of an event. CloudTrail delivers late or corrected records again, under a new id that names the
 * first. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export const eventId = (envelope: unknown): string | undefined =>
  textAt(envelope, ['detail', 'addendum', 'originalEventID'], 128) ??
  textAt(envelope, ['detail', 'eventID'], 128) ??
  textAt(envelope, ['id'], 128);

/** Reads what every event has in common; undefined when something is missing. The time is that of the fact. */
export function eventHead(envelope: unknown, secret: SecretReference): EventHead | undefined {
  const id = eventId(envelope);
  const time =
    parseInstant(textAt(envelope, ['detail', 'eventTime'], 64) ?? '') ??
    parseInstant(textAt(envelope, ['time'], 64) ?? '');
  const account = textAt(envelope, ['account'], 12);
  const region = textAt(envelope, ['region'], 64);
  if (id === undefined || time === undefined || account === undefined || region === undefined)
    return undefined;
  return { id, at: time, account, region, secret };
}

import type { Instant } from '../../../calendar/instant.ts';
import type { TimeSpan } from '../../../calendar/time-span.ts';
import type { RecordedCall } from '../../domain/finding/change.ts';
import { PortError } from '../failure.ts';

/** A resource as the history knows it. */
interface HistoryResource {
  /** The name or ARN that calls were made with. */
  readonly name: string;
  /** Whether its calls are recorded in the home region of global services, as those about IAM roles are. */
  readonly isGlobal: boolean;
}

/** The result of one request: it reads at most fifty records, of which few may be relevant. */
export interface HistoryPage<T> {
  /** Newest first. */
  readonly found: readonly T[];
  /** Asks for the next, older page; undefined when there is none. */
  readonly next: string | undefined;
  /** The time of the oldest record that was read, returned or not; undefined when none was. */
  readonly oldestAt: Instant | undefined;
}

/**
 * CloudTrail's record of calls, reads included, whether or not an event reported them. Each call is one request of the
 * two a second that an account has; records appear minutes late. Failures are {@link EventHistoryError}s.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export interface EventHistory {
  /** Successful calls that changed a resource; `page` is what the page before gave as `next`. */
  callsOn(resource: HistoryResource, span: TimeSpan, page?: string): Promise<HistoryPage<RecordedCall>>;
  /** Events of Secrets Manager by their name, as the EventBridge envelopes that should have come. */
  envelopes(eventName: string, span: TimeSpan, page?: string): Promise<HistoryPage<unknown>>;
}

/** The history could not be read. */
export class EventHistoryError extends PortError {
  override readonly name = 'EventHistoryError';
}

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

/**
 * What CloudTrail has recorded, whether or not an event told of it. Each call is one request of the two a second that an
 * account has; events show up minutes late. Failures are {@link EventHistoryError}s.
 */
export interface EventHistory {
  /** Successful calls that changed a resource, newest first, out of the newest fifty records about it. */
  callsOn(resource: HistoryResource, span: TimeSpan): Promise<readonly RecordedCall[]>;
  /** The newest fifty records of an event of Secrets Manager, as the EventBridge envelopes that should have come. */
  envelopes(eventName: string, span: TimeSpan): Promise<readonly unknown[]>;
}

/** The history could not be read. */
export class EventHistoryError extends PortError {
  override readonly name = 'EventHistoryError';
}

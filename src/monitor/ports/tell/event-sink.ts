import { PortError } from '../failure.ts';

/** An event for applications. */
export interface ApplicationEvent {
  /** EventBridge's detail-type. */
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Publishes events to applications; fails with an {@link EventSinkError}. */
export interface EventSink {
  publish(event: ApplicationEvent): Promise<void>;
}

/** The event was not taken. */
export class EventSinkError extends PortError {
  override readonly name = 'EventSinkError';
}

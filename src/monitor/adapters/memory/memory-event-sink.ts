import type { ApplicationEvent, EventSink } from '../../ports/tell/event-sink.ts';

/** Keeps what it was given. */
export interface MemoryEventSink extends EventSink {
  readonly events: readonly ApplicationEvent[];
}

/** A bus that ends in memory. */
export function memoryEventSink(): MemoryEventSink {
  const events: ApplicationEvent[] = [];
  return { events, publish: async (event) => void events.push(event) };
}

import type { Instant } from '../../../calendar/instant.ts';
import { isWithin } from '../../../calendar/time-span.ts';
import type { RecordedCall } from '../../domain/finding/change.ts';
import type { EventHistory } from '../../ports/look/event-history.ts';

/** A history in memory; counts what was asked. */
export interface MemoryEventHistory extends EventHistory {
  /** Puts a call in, under the names that its resource goes by. */
  addCall(call: RecordedCall, names: readonly string[]): void;
  /** Puts an event of Secrets Manager in. */
  addEnvelope(eventName: string, at: Instant, envelope: unknown): void;
  /** The names asked for so far. */
  readonly asked: readonly string[];
}

/** Most records that one question brings. */
const PAGE = 50;

/** Remembers what was put in. */
export function memoryEventHistory(): MemoryEventHistory {
  const calls: { readonly call: RecordedCall; readonly names: readonly string[] }[] = [];
  const envelopes: { readonly eventName: string; readonly at: Instant; readonly envelope: unknown }[] = [];
  const asked: string[] = [];
  return {
    asked,
    addCall: (call, names) => void calls.push({ call, names }),
    addEnvelope: (eventName, at, envelope) => void envelopes.push({ eventName, at, envelope }),
    callsOn: async ({ name }, span) => {
      asked.push(name);
      return calls
        .filter(({ call, names }) => names.includes(name) && isWithin(call.at, span))
        .map(({ call }) => call)
        .sort((a, b) => b.at - a.at)
        .slice(0, PAGE);
    },
    envelopes: async (eventName, span) => {
      asked.push(eventName);
      return envelopes
        .filter((each) => each.eventName === eventName && isWithin(each.at, span))
        .sort((a, b) => b.at - a.at)
        .slice(0, PAGE)
        .map(({ envelope }) => envelope);
    },
  };
}

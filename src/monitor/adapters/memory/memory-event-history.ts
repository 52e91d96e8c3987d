import type { Instant } from '../../../calendar/instant.ts';
import { isWithin } from '../../../calendar/time-span.ts';
import type { RecordedCall } from '../../domain/finding/change.ts';
import type { EventHistory, HistoryPage } from '../../ports/look/event-history.ts';

/** A history in memory; counts what was asked. */
export interface MemoryEventHistory extends EventHistory {
  /** Puts a call in, under the names that its resource goes by. */
  addCall(call: RecordedCall, names: readonly string[]): void;
  /** Puts so many reads in, of which only their number is seen. */
  addReads(count: number, at: Instant, names: readonly string[]): void;
  /** Puts an event of Secrets Manager in. */
  addEnvelope(eventName: string, at: Instant, envelope: unknown): void;
  /** The names asked for so far. */
  readonly asked: readonly string[];
}

/** Most records that one question brings. */
const PAGE = 50;

/** A call, or a read, which leaves no call record. */
interface PastCall {
  readonly at: Instant;
  readonly call: RecordedCall | undefined;
  readonly names: readonly string[];
}

function pageOf<Past extends { readonly at: Instant }, T>(
  past: readonly Past[],
  page: string | undefined,
  tell: (each: Past) => readonly T[],
): HistoryPage<T> {
  const start = Number(page ?? 0);
  const sorted = [...past].sort((a, b) => b.at - a.at);
  const records = sorted.slice(start, start + PAGE);
  return {
    found: records.flatMap(tell),
    next: start + PAGE < sorted.length ? String(start + PAGE) : undefined,
    oldestAt: records.at(-1)?.at,
  };
}

/** Remembers what was put in. */
export function memoryEventHistory(): MemoryEventHistory {
  const calls: PastCall[] = [];
  const envelopes: { readonly eventName: string; readonly at: Instant; readonly envelope: unknown }[] = [];
  const asked: string[] = [];
  return {
    asked,
    addCall: (call, names) => void calls.push({ at: call.at, call, names }),
    addEnvelope: (eventName, at, envelope) => void envelopes.push({ eventName, at, envelope }),
    addReads: (count, at, names) => {
      for (let index = 0; index < count; index++) calls.push({ at, call: undefined, names });
    },
    callsOn: async ({ name }, span, page) => {
      asked.push(name);
      const fitting = calls.filter(({ at, names }) => names.includes(name) && isWithin(at, span));
      return pageOf(fitting, page, ({ call }) => (call === undefined ? [] : [call]));
    },
    envelopes: async (eventName, span, page) => {
      asked.push(eventName);
      const fitting = envelopes.filter((each) => each.eventName === eventName && isWithin(each.at, span));
      return pageOf(fitting, page, ({ envelope }) => [envelope]);
    },
  };
}

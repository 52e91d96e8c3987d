import type { Instant } from '../../../calendar/instant.ts';
import { Series, type StatisticSet } from './series.ts';

/** A datapoint on its way into the store. */
export interface NewDatapoint {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit: string;
  readonly at: Instant;
  readonly values: StatisticSet;
}

/** All metrics of the account. */
export class MetricStore {
  readonly #series = new Map<string, Series>();

  add({ namespace, name, dimensions, unit, at, values }: NewDatapoint): void {
    const key = keyOf(namespace, name, dimensions);
    const found = this.#series.get(key);
    const series = found ?? new Series({ namespace, name, dimensions: sorted(dimensions), unit });
    if (found === undefined) this.#series.set(key, series);
    series.add(at, values);
  }

  /** The metric with exactly these dimensions; undefined when nothing was ever put. */
  find(namespace: string, name: string, dimensions: Readonly<Record<string, string>>): Series | undefined {
    return this.#series.get(keyOf(namespace, name, dimensions));
  }

  all(): readonly Series[] {
    return [...this.#series.values()];
  }
}

const sorted = (dimensions: Readonly<Record<string, string>>): readonly (readonly [string, string])[] =>
  Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));

/** A metric in one text. Every call of an API is counted, so this makes no lists of names with values. */
function keyOf(namespace: string, name: string, dimensions: Readonly<Record<string, string>>): string {
  let key = `${namespace}\u0000${name}`;
  for (const each of Object.keys(dimensions).sort()) key += `\u0000${each}\u0000${dimensions[each]}`;
  return key;
}

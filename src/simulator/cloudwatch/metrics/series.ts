import { DAY, type Instant, instant, MINUTE } from '../../../calendar/instant.ts';

/** Several values, combined into their statistics. */
export interface StatisticSet {
  readonly sampleCount: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** The values of one minute or one period. */
export interface Datapoint extends StatisticSet {
  readonly at: Instant;
}

/** CloudWatch keeps datapoints of five minutes for so long; here those of a minute, too. */
const RETENTION: number = 63 * DAY;

/** The datapoints of one metric, added up by the minute. Numbers lie in flat arrays, so that months fit in memory. */
export class Series {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly (readonly [string, string])[];
  /** Unit of the first datapoint. */
  readonly unit: string;
  #latest: { readonly at: Instant; readonly value: number } | undefined;
  readonly #minutes: number[] = [];
  readonly #counts: number[] = [];
  readonly #sums: number[] = [];
  readonly #minima: number[] = [];
  readonly #maxima: number[] = [];

  constructor(identity: SeriesIdentity) {
    this.namespace = identity.namespace;
    this.name = identity.name;
    this.dimensions = identity.dimensions;
    this.unit = identity.unit;
  }

  /** The value with the latest time, the average where several came as one; undefined before the first. */
  get latest(): { readonly at: Instant; readonly value: number } | undefined {
    return this.#latest;
  }

  /** Adds values of the time `at`. */
  add(at: Instant, values: StatisticSet): void {
    if (this.#latest === undefined || at >= this.#latest.at) {
      this.#latest = { at, value: values.sum / values.sampleCount };
    }
    const minute = Math.floor(at / MINUTE);
    const index = this.#indexOf(minute);
    if (this.#minutes[index] === minute) this.#merge(index, values);
    else this.#insert(index, minute, values);
    this.#forget(at);
  }

  /** The datapoints from `from` until before `to`, added up by periods that begin at whole multiples of `periodMs`. */
  between(from: Instant, to: Instant, periodMs: number): readonly Datapoint[] {
    const periods = new Map<number, StatisticSet>();
    const end = this.#indexOf(Math.ceil(to / MINUTE));
    for (let index = this.#indexOf(Math.floor(from / MINUTE)); index < end; index += 1) {
      const at = (this.#minutes[index] ?? 0) * MINUTE;
      const start = Math.floor(at / periodMs) * periodMs;
      const found = periods.get(start);
      const own = this.#at(index);
      periods.set(start, found === undefined ? own : together(found, own));
    }
    return [...periods].map(([start, values]) => ({ at: instant(start), ...values }));
  }

  /** Index of the first minute that is not before `minute`. */
  #indexOf(minute: number): number {
    let low = 0;
    let high = this.#minutes.length;
    if ((this.#minutes.at(-1) ?? -1) < minute) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#minutes[middle] ?? 0) < minute) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #at(index: number): StatisticSet {
    return {
      sampleCount: this.#counts[index] ?? 0,
      sum: this.#sums[index] ?? 0,
      minimum: this.#minima[index] ?? 0,
      maximum: this.#maxima[index] ?? 0,
    };
  }

  #merge(index: number, values: StatisticSet): void {
    const { sampleCount, sum, minimum, maximum } = together(this.#at(index), values);
    this.#counts[index] = sampleCount;
    this.#sums[index] = sum;
    this.#minima[index] = minimum;
    this.#maxima[index] = maximum;
  }

  #insert(index: number, minute: number, { sampleCount, sum, minimum, maximum }: StatisticSet): void {
    this.#minutes.splice(index, 0, minute);
    this.#counts.splice(index, 0, sampleCount);
    this.#sums.splice(index, 0, sum);
    this.#minima.splice(index, 0, minimum);
    this.#maxima.splice(index, 0, maximum);
  }

  /** Drops what is older than the retention, a day's worth at a time. */
  #forget(now: Instant): void {
    const limit = Math.floor((now - RETENTION) / MINUTE);
    if ((this.#minutes[0] ?? limit) > limit - DAY / MINUTE) return;
    const stale = this.#indexOf(limit);
    for (const column of [this.#minutes, this.#counts, this.#sums, this.#minima, this.#maxima]) {
      column.splice(0, stale);
    }
  }
}

/** The identity of a metric. */
export interface SeriesIdentity {
  readonly namespace: string;
  readonly name: string;
  /** Name and value, in the order of names. */
  readonly dimensions: readonly (readonly [string, string])[];
  readonly unit: string;
}

/** The statistics of both. */
const together = (a: StatisticSet, b: StatisticSet): StatisticSet => ({
  sampleCount: a.sampleCount + b.sampleCount,
  sum: a.sum + b.sum,
  minimum: Math.min(a.minimum, b.minimum),
  maximum: Math.max(a.maximum, b.maximum),
});

import { DAY, type Instant, later } from '../../calendar/instant.ts';
import { type RecordedResource, recorded, resourcesOf, type TrailRecord } from './trail-record.ts';

/** A record and when it happened. What it says is made when somebody asks for it: most reads are never looked for. */
export interface PastRecord {
  readonly at: Instant;
  readonly eventName: string | undefined;
  readonly record: TrailRecord;
  /** The resources that the record is about. */
  readonly resources: readonly RecordedResource[];
}

/** CloudTrail's event history reaches back so far. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html */
export const RETENTION_MS: number = 90 * DAY;

/** The records of the last 90 days, in the order of their time. */
export class EventHistory {
  readonly #all = new Timeline();
  readonly #byName = new Map<string | undefined, Timeline>();

  add(at: Instant, record: TrailRecord): void {
    this.addUnmade(at, recorded(record, 'eventName'), () => record);
  }

  /** Adds a record of which no more than its name is known yet. */
  addUnmade(at: Instant, eventName: string | undefined, make: () => TrailRecord): void {
    let made: TrailRecord | undefined;
    let resources: readonly RecordedResource[] | undefined;
    this.#add({
      at,
      eventName,
      get record() {
        made ??= make();
        return made;
      },
      get resources() {
        resources ??= resourcesOf(this.record);
        return resources;
      },
    });
  }

  #add(past: PastRecord): void {
    const named = this.#byName.get(past.eventName) ?? new Timeline();
    this.#byName.set(past.eventName, named);
    named.add(past);
    this.#all.add(past);
  }

  /** The records from `from` until `to`, both included, newest first. */
  between(from: Instant, to: Instant): readonly PastRecord[] {
    return this.#all.between(from, to);
  }

  /** The records of one name from `from` until `to`, both included, newest first. */
  namedBetween(eventName: string, from: Instant, to: Instant): readonly PastRecord[] {
    return this.#byName.get(eventName)?.between(from, to) ?? [];
  }
}

/** Records in the order of their time. */
class Timeline {
  #records: PastRecord[] = [];

  add(past: PastRecord): void {
    const last = this.#records.at(-1);
    this.#records.push(past);
    if (last !== undefined && last.at > past.at) this.#records.sort((a, b) => a.at - b.at);
    this.#forget(past.at);
  }

  /** The records from `from` until `to`, both included, newest first. */
  between(from: Instant, to: Instant): readonly PastRecord[] {
    return this.#records.slice(this.#indexOf(from), this.#indexOf(later(to, 1))).reverse();
  }

  /** Index of the first record that is not before `at`. */
  #indexOf(at: Instant): number {
    let low = 0;
    let high = this.#records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#records[middle]?.at ?? at) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Drops what is too old, a day's worth at a time. */
  #forget(now: Instant): void {
    const oldest = this.#records[0]?.at ?? now;
    if (now - oldest > RETENTION_MS + DAY) {
      this.#records = this.#records.slice(this.#indexOf(later(now, -RETENTION_MS)));
    }
  }
}

import { type Instant, instant, MINUTE, parseInstant, SECOND } from '../../calendar/instant.ts';
import { RateLimit, type RequestRate } from '../call/request-rate.ts';
import type { BusEvent, Home, Service } from '../call/service.ts';
import { EventHistory } from './event-history.ts';
import { lookupEvents } from './lookup-events.ts';
import { recorded, type TrailRecord } from './trail-record.ts';
import { createTrails, type Trails } from './trails.ts';

/** CloudTrail's event history and its trails, and what tests and scenarios ask of it. */
export interface CloudTrail extends Service {
  /** Takes the record of an event of the bus; native events have none. */
  note(event: BusEvent): void;
  /** Takes the record of a call to a service that is not simulated, such as KMS or IAM. */
  record(record: TrailRecord): void;
  /** Takes the record of a read or of the use of a key, while such records are kept; it is made when looked for. */
  noteRead(at: Instant, eventName: string, make: () => TrailRecord): void;
  /** Whether reads and uses of keys are kept, as AWS keeps them; they are by default. */
  keepReads(areKept: boolean): void;
  /** Sets the time from an event until it can be looked up, in milliseconds. */
  setLag(ms: number): void;
  setRate(rate: RequestRate): void;
  /** Trails that deliver records beyond the event history; deliveries to EventBridge do not depend on them here. */
  readonly trails: Trails;
}

/**
 * CloudTrail delivers within about five minutes on average.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
const LAG_MS: number = 5 * MINUTE;
/**
 * Two a second for an account and region; AWS documents no burst, but on a clock that stands still nobody can wait.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
const RATE: RequestRate = { perSecond: 2, burst: 20 };

/** An empty event history. */
export function createCloudTrail(home: Home): CloudTrail {
  const history = new EventHistory();
  const limit = new RateLimit(RATE);
  let lagMs = LAG_MS;
  let areReadsKept = true;
  const trails = createTrails(home);
  const record = (added: TrailRecord): void => history.add(timeOf(added), added);
  return {
    trails,
    operations: { LookupEvents: lookupEvents({ history, limit, lagMs: () => lagMs }), ...trails.operations },
    note: ({ 'detail-type': detailType, detail }) => {
      if (detailType.endsWith('via CloudTrail')) record(detail);
    },
    record,
    noteRead: (at, eventName, make) => {
      if (areReadsKept) history.addUnmade(instant(Math.floor(at / SECOND) * SECOND), eventName, make);
    },
    keepReads: (areKept) => {
      areReadsKept = areKept;
    },
    setLag: (ms) => {
      lagMs = ms;
    },
    setRate: (rate) => limit.set(rate),
  };
}

function timeOf(record: TrailRecord): Instant {
  const text = recorded(record, 'eventTime') ?? '';
  const at = parseInstant(text);
  if (at === undefined) throw new RangeError(`Cannot take a record of the time "${text}"`);
  return at;
}

import { createHash } from 'node:crypto';
import { DAY, formatInstant, type Instant } from '../../calendar/instant.ts';
import { AwsError } from '../call/aws-error.ts';

/** One line of a log, as it was written. */
export interface LogEvent {
  readonly at: Instant;
  readonly stream: string;
  readonly message: string;
  /** Unique within its group, rising. */
  readonly id: number;
}

/** A stream of a log group. */
export interface LogStream {
  readonly name: string;
  readonly createdAt: Instant;
  readonly firstEventAt: Instant | undefined;
  readonly lastEventAt: Instant | undefined;
}

/** A log group with what was written to it lately. */
export interface LogGroup {
  readonly name: string;
  readonly createdAt: Instant;
  /** In the order in which they were written. */
  readonly events: readonly LogEvent[];
  readonly streams: ReadonlyMap<string, LogStream>;
}

interface OpenGroup extends LogGroup {
  events: LogEvent[];
  readonly streams: Map<string, LogStream>;
  written: number;
}

/** Lines that a group keeps; the oldest give way, so that a simulated year needs no more memory than a week. */
const KEPT_EVENTS = 10_000;

/** The log groups of an account. */
export class LogGroups {
  readonly #byName = new Map<string, OpenGroup>();

  /** Makes a group; fails as CloudWatch Logs does when there is one. */
  create(name: string, at: Instant): void {
    if (this.#byName.has(name)) {
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
    }
    this.open(name, at);
  }

  /** Makes a stream; fails when there is one, or no group. */
  createStream(group: string, name: string, at: Instant): void {
    const { streams } = this.find(group);
    if (streams.has(name)) {
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists');
    }
    this.#byName.get(group)?.streams.set(name, newStream(name, at));
  }

  /** Writes a line; group and stream are made where they are missing. */
  write(groupName: string, stream: string, line: { readonly at: Instant; readonly message: string }): void {
    const group = this.open(groupName, line.at);
    const known = group.streams.get(stream) ?? newStream(stream, line.at);
    group.streams.set(stream, {
      ...known,
      firstEventAt: known.firstEventAt ?? line.at,
      lastEventAt: line.at,
    });
    group.written += 1;
    group.events.push({ ...line, stream, id: group.written });
    if (group.events.length > 2 * KEPT_EVENTS) group.events = group.events.slice(-KEPT_EVENTS);
  }

  remove(name: string): void {
    this.find(name);
    this.#byName.delete(name);
  }

  /** The group with this name; fails when there is none. */
  find(name: string): LogGroup {
    const found = this.#byName.get(name);
    if (found !== undefined) return found;
    throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
  }

  /** All groups by name. */
  all(): readonly LogGroup[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The group with this name, made where it is missing. */
  open(name: string, createdAt: Instant): OpenGroup {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const opened: OpenGroup = { name, createdAt, events: [], streams: new Map(), written: 0 };
    this.#byName.set(name, opened);
    return opened;
  }
}

const newStream = (name: string, createdAt: Instant): LogStream => ({
  name,
  createdAt,
  firstEventAt: undefined,
  lastEventAt: undefined,
});

/** The group of a function that names none. */
export const defaultLogGroup = (functionName: string): string => `/aws/lambda/${functionName}`;

/**
 * The stream that an environment of a function writes to, one a day: `2026/11/29/[$LATEST]…`. Requests at the same time
 * run in environments of their own.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
 */
export function functionStream(functionName: string, at: Instant, environmentIndex: number = 0): string {
  const day = formatInstant(at).slice(0, 10).replaceAll('-', '/');
  const environment = createHash('md5')
    .update(`${functionName} ${Math.floor(at / DAY)}${environmentIndex === 0 ? '' : ` ${environmentIndex}`}`)
    .digest('hex');
  return `${day}/[$LATEST]${environment}`;
}

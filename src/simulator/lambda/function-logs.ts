import { createHash } from 'node:crypto';
import { formatInstant, type Instant, later, SECOND } from '../../calendar/instant.ts';
import { defaultLogGroup, functionStream, type LogGroups } from '../logs/log-groups.ts';
import type { SimulatorClock } from '../time/clock.ts';
import type { FunctionResources } from './function-resources.ts';

/** The log of one run of a function, in the form of Lambda's Python runtime. */
export interface FunctionLog {
  /** A line of the code itself. */
  info(message: string): void;
  /** A line of the code itself about a failure. */
  error(message: string): void;
  /** The end of the run; `thrown` is what it failed with. */
  end(thrown?: Error): void;
}

/**
 * The logs of functions, in the group that their configuration names, `/aws/lambda/<name>` by default.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html
 */
export class FunctionLogs {
  readonly #groups: LogGroups;
  readonly #resources: FunctionResources;
  readonly #clock: SimulatorClock;
  #runs = 0;
  /** The end of the last run in each environment, by function. */
  readonly #environments = new Map<string, Instant[]>();

  constructor(groups: LogGroups, resources: FunctionResources, clock: SimulatorClock) {
    this.#groups = groups;
    this.#resources = resources;
    this.#clock = clock;
  }

  /** Makes the group of a function that has run before, when anybody looks. */
  open(functionName: string): void {
    this.#groups.open(this.#groupOf(functionName), this.#clock.now());
  }

  /** Begins the log of a run that started `durationMs` ago and ends now. */
  begin(functionName: string, durationMs: number): FunctionLog {
    const now = this.#clock.now();
    const group = this.#groupOf(functionName);
    const startedAt = later(now, -durationMs);
    const stream = functionStream(functionName, now, this.#environment(functionName, startedAt));
    const requestId = this.#requestId(functionName);
    const write = (message: string, at: Instant = now): void =>
      this.#groups.write(group, stream, { at, message: `${message}\n` });
    const line = (level: string) => (message: string) =>
      write(`[${level}]\t${formatInstant(now)}\t${requestId}\t${message}`);
    write(`START RequestId: ${requestId} Version: $LATEST`, startedAt);
    return {
      info: line('INFO'),
      error: line('ERROR'),
      end: (thrown) => {
        if (thrown !== undefined) write(failureLine(thrown, now, requestId));
        write(`END RequestId: ${requestId}`);
        write(report(requestId, durationMs));
      },
    };
  }

  #groupOf(functionName: string): string {
    return this.#resources.find(functionName)?.logGroup ?? defaultLogGroup(functionName);
  }

  /** The environment in which a run that ends now takes place: the first that was free when it started. */
  #environment(functionName: string, startedAt: Instant): number {
    const ends = this.#environments.get(functionName) ?? [];
    this.#environments.set(functionName, ends);
    const free = ends.findIndex((end) => end <= startedAt);
    const index = free === -1 ? ends.length : free;
    ends[index] = this.#clock.now();
    return index;
  }

  /** An id of its own for each run, made without chance so that no other chance is shifted by it. */
  #requestId(functionName: string): string {
    this.#runs += 1;
    const digits = createHash('md5').update(`${functionName} ${this.#runs}`).digest('hex');
    return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5').slice(0, 36);
  }
}

/** A time-out is reported by Lambda, everything else by the runtime. */
const failureLine = ({ name, message }: Error, at: Instant, requestId: string): string =>
  message.startsWith('Task timed out')
    ? `${formatInstant(at)} ${requestId} ${message}`
    : `[ERROR] ${name}: ${message}\nTraceback (most recent call last):\n  File "/var/task/lambda_function.py", in lambda_handler`;

const report = (requestId: string, durationMs: number): string =>
  [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(durationMs / SECOND) * SECOND} ms`,
    'Memory Size: 128 MB',
    'Max Memory Used: 72 MB',
  ].join('\t');

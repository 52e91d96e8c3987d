import type { Instant } from '../../src/calendar/instant.ts';
import { HOUR, MINUTE } from '../../src/calendar/instant.ts';
import { bodyText, mostBytes } from '../../src/simulator/protocols/body.ts';
import type { InProcessHandler } from '../../src/simulator/protocols/in-process-handler.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { type RequestUnits, requestUnits } from './dynamodb-units.ts';
import { metricKeys } from './metric-keys.ts';

type Request = Parameters<InProcessHandler['handle']>[0];
type Handler = Parameters<Simulator['functions']['register']>[1];

/** Counts of one function since the meter was set to zero. */
interface Run {
  invocations: number;
  coldStarts: number;
  cpuMs: number;
  lastEndedAt: Instant | undefined;
}

/** Lambda does not say how long an idle environment is kept; so long here. */
const ENVIRONMENT_KEPT_MS: number = 10 * MINUTE;
const DYNAMODB = /^DynamoDB_\d+\.(?<operation>\w+)$/;

/** Counts what a deployment does that the simulator's call log does not know. */
export class Meter {
  readonly functions: Map<string, Run> = new Map();
  units: RequestUnits = { reads: 0, writes: 0 };
  /** Hours in which each metric was published. */
  readonly metricHours: Map<string, Set<number>> = new Map();
  log: { lines: number; bytes: number } = { lines: 0, bytes: 0 };

  /** Forgets what was counted; what is warm stays warm. */
  reset(): void {
    for (const run of this.functions.values())
      Object.assign(run, { invocations: 0, coldStarts: 0, cpuMs: 0 });
    this.units = { reads: 0, writes: 0 };
    this.metricHours.clear();
    this.log = { lines: 0, bytes: 0 };
  }

  /** Counts a line that a handler logged. */
  readonly onLog = (line: string): void => {
    this.log.lines += 1;
    this.log.bytes += Buffer.byteLength(line);
  };

  /** The simulator as a deployment sees it, with the meter in between. */
  around(simulator: Simulator): Simulator {
    const { functions, cloudWatch, clock } = simulator;
    return {
      ...simulator,
      functions: {
        ...functions,
        register: (name, handler, options) =>
          functions.register(name, this.#timed(name, handler, clock), options),
      },
      cloudWatch: {
        ...cloudWatch,
        ingestEmf: (line) => {
          this.onLog(line);
          this.#noteMetrics(line, clock.now());
          return cloudWatch.ingestEmf(line);
        },
      },
      requestHandler: (role, runOf) => {
        const handler = simulator.requestHandler(role, runOf);
        return { ...handler, handle: (request) => this.#metered(handler, request) };
      },
    };
  }

  #timed(name: string, handler: Handler, clock: Simulator['clock']): Handler {
    const run: Run = { invocations: 0, coldStarts: 0, cpuMs: 0, lastEndedAt: undefined };
    this.functions.set(name, run);
    return async (event, context, own) => {
      const { lastEndedAt } = run;
      const isCold = lastEndedAt === undefined || clock.now() - lastEndedAt > ENVIRONMENT_KEPT_MS;
      run.invocations += 1;
      run.coldStarts += isCold ? 1 : 0;
      const began = process.cpuUsage();
      try {
        return await handler(event, context, own);
      } finally {
        const { user, system } = process.cpuUsage(began);
        run.cpuMs += (user + system) / 1_000;
        run.lastEndedAt = clock.now();
      }
    };
  }

  #noteMetrics(line: string, now: Instant): void {
    for (const key of metricKeys(line)) {
      const hours = this.metricHours.get(key) ?? new Set<number>();
      this.metricHours.set(key, hours.add(Math.floor(now / HOUR)));
    }
  }

  /** Asks DynamoDB along with each call what it consumes. */
  async #metered(handler: InProcessHandler, request: Request): ReturnType<InProcessHandler['handle']> {
    const operation = DYNAMODB.exec(request.headers['x-amz-target'] ?? '')?.groups?.['operation'];
    if (operation === undefined) return handler.handle(request);
    const input = JSON.parse(textOf(request.body));
    const body = JSON.stringify({ ...input, ReturnConsumedCapacity: 'TOTAL' });
    const answer = await handler.handle({ ...request, body });
    const { statusCode: status } = answer.response;
    const output = JSON.parse(textOf(answer.response.body));
    const { reads, writes } = requestUnits({ operation, input, status, output });
    this.units = { reads: this.units.reads + reads, writes: this.units.writes + writes };
    return answer;
  }
}

function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return bodyText(body, undefined, mostBytes(undefined));
  throw new TypeError('The body of a call to DynamoDB is neither text nor bytes');
}

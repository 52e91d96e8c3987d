import { Worker } from 'node:worker_threads';
import { later } from '../../src/calendar/instant.ts';
import type { Service } from '../../src/monitor/application/service.ts';
import type { Seams } from '../../src/monitor/compose/joints/joints.ts';
import { planMonitor } from '../../src/proving/player/monitor.ts';
import { compose } from '../../test/support/compose.ts';
import { type FleetSize, START } from './fleet.ts';
import type { Answer, Question, WireRequest, WireResponse } from './simulated-aws-thread.ts';

/** The simulated account in a thread of its own, with the monitor's table, queues and handlers deployed in it. */
export interface SimulatedAws {
  /** The real service of the monitor, its SDK clients served by the account. */
  service(role: string): Service;
  /** Calls that a role has made to one service so far. */
  calls(role: string, service: string): Promise<number>;
  /** Moves time on; queues deliver and the handlers behind them run. */
  advance(ms: number): Promise<void>;
  /** Milliseconds that the account's thread has worked. */
  busyMs(): number;
  /** Sets what runs before every call of an SDK client; it is given the operation, where a header names it. */
  onCall(hook: (operation: string) => void): void;
  close(): Promise<void>;
}

type RequestHandler = NonNullable<Seams['requestHandler']>;

const HOME = { account: '111122223333', region: 'eu-west-1' };

/** A thread does not inherit the main thread's loader of TypeScript. */
const LOADER = `
  import('tsx/esm/api').then(({ register }) => {
    register();
    return import(${JSON.stringify(new URL('./simulated-aws-thread.ts', import.meta.url).href)});
  });
`;

/** Starts the thread and fills the account. */
export async function simulatedAws(size: FleetSize): Promise<SimulatedAws> {
  const worker = new Worker(LOADER, { eval: true, workerData: size });
  const ask = await questions(worker);
  const plan = planMonitor(HOME);
  let now = START;
  let beforeCall: (operation: string) => void = () => undefined;
  const send = (role: string, request: WireRequest) => {
    beforeCall(request.headers['x-amz-target'] ?? '');
    return ask({ ask: 'send', role, request }) as Promise<WireResponse>;
  };
  return {
    service: (role) =>
      compose(plan.config, {
        clock: { now: () => now, pause: async () => undefined },
        requestHandler: requestHandler((request) => send(role, request)),
        writeLine: () => undefined,
      }),
    calls: async (role, service) => {
      const counts = Object.entries((await ask({ ask: 'calls', role })) as Record<string, number>);
      return counts.reduce((sum, [key, count]) => sum + (key.startsWith(`${service}:`) ? count : 0), 0);
    },
    advance: async (ms) => {
      await ask({ ask: 'advance', ms });
      now = later(now, ms);
    },
    busyMs: () => worker.performance.eventLoopUtilization().active,
    onCall: (hook) => {
      beforeCall = hook;
    },
    close: async () => {
      await worker.terminate();
    },
  };
}

/** Asks the thread; resolves when the account is filled. */
async function questions(worker: Worker): Promise<(question: Question) => Promise<unknown>> {
  const waiting = new Map<number, (answer: Answer) => void>();
  let lastId = 0;
  const fail = (error: Error) => {
    for (const [id, settle] of waiting) settle({ id, error: error.message });
  };
  worker.on('error', fail);
  worker.on('message', (answer: Answer) => {
    // While the event of a message lasts, Node holds the whole message: nobody goes on within it.
    setImmediate(() => {
      waiting.get(answer.id)?.(answer);
      waiting.delete(answer.id);
    });
  });
  const answerTo = (id: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.set(id, ({ value, error }) =>
        error === undefined ? resolve(value) : reject(new Error(error)),
      );
    });
  await answerTo(0);
  return (question) => {
    lastId += 1;
    const answer = answerTo(lastId);
    worker.postMessage({ id: lastId, question });
    return answer;
  };
}

/** Makes a handler that sends to the thread the same parts that would cross the wire. */
const requestHandler = (send: (request: WireRequest) => Promise<WireResponse>): RequestHandler => ({
  metadata: { handlerProtocol: 'in-process' },
  handle: async ({ method, hostname, path, headers, body }: WireRequest) => ({
    response: await send({ method, hostname, path, headers, body }),
  }),
  destroy: () => undefined,
  updateHttpClientConfig: () => undefined,
  httpHandlerConfigs: () => ({}),
});

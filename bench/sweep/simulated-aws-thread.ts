import { parentPort, workerData } from 'node:worker_threads';
import { deployMonitor, planMonitor } from '../../src/proving/player/monitor.ts';
import { createSimulator, type Simulator } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/time/clock.ts';
import { type FleetSize, fleet, START } from './fleet.ts';

/** A request as the SDK hands it to its request handler, as far as it crosses to the thread. */
export type WireRequest = Parameters<ReturnType<Simulator['requestHandler']>['handle']>[0];
/** A response in the form that the SDK takes. */
export type WireResponse = Awaited<ReturnType<ReturnType<Simulator['requestHandler']>['handle']>>['response'];

/** A question to the thread. */
export type Question =
  | { readonly ask: 'send'; readonly role: string; readonly request: WireRequest }
  | { readonly ask: 'advance'; readonly ms: number }
  | { readonly ask: 'calls'; readonly role: string };

/** One answer; the id is that of the question, 0 when the account is ready. */
export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** The simulated account lives in a thread: the heap of whoever sweeps holds nothing of it. */
async function serve(port: NonNullable<typeof parentPort>, size: FleetSize): Promise<void> {
  const clock = new VirtualClock(START);
  const simulator = createSimulator({ clock, seed: 1 });
  simulator.secretsManager.seedMany(size.secrets, fleet(size));
  await deployMonitor(simulator, planMonitor(simulator.home, { sweeps: false }));
  port.on('message', ({ id, question }: { id: number; question: Question }) => {
    answer(simulator, clock, question).then(
      (value) => port.postMessage({ id, value } satisfies Answer),
      (error: unknown) => port.postMessage({ id, error: String(error) } satisfies Answer),
    );
  });
  port.postMessage({ id: 0 } satisfies Answer);
}

async function answer(simulator: Simulator, clock: VirtualClock, question: Question): Promise<unknown> {
  switch (question.ask) {
    case 'send':
      return (await simulator.requestHandler(question.role).handle(question.request)).response;
    case 'advance':
      return clock.advance(question.ms);
    case 'calls':
      return simulator.callLog.counts(question.role);
  }
}

if (parentPort !== null) await serve(parentPort, workerData as FleetSize);

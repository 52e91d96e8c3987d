import * as z from 'zod';
import { type Instant, instant } from '../../src/calendar/instant.ts';
import { parseRotationEvent } from '../../src/monitor/adapters/eventbridge/parse-rotation-event.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';

const invocation = z.object({
  Records: z.array(
    z.object({
      messageId: z.string(),
      body: z.string(),
      attributes: z.object({ SentTimestamp: z.coerce.number() }),
    }),
  ),
});
const answer = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

/** Kinds of events that have an item of their own in the table. */
const ATTEMPTS: readonly string[] = [
  'rotation-started',
  'rotation-failed',
  'rotation-succeeded',
  'rotation-abandoned',
];

/** Counts what the monitor's handlers of events are given and what they acknowledge. */
export class EventTally {
  /** Messages that were acknowledged. */
  acknowledged = 0;
  /** Messages that were given back, to come again; each time counts. */
  givenBack = 0;
  /** Batches of which some messages were acknowledged and others given back. */
  partialBatches = 0;
  /** Acknowledged messages about the attempt of a rotation. */
  attempts = 0;
  /** Acknowledged messages about calls of RotateSecret, which history keeps. */
  rotateCalls = 0;
  /** Ids of the acknowledged events. */
  readonly events: Set<string> = new Set();
  /** Times at which the acknowledged messages were sent to their queues. */
  readonly sentAt: Instant[] = [];
  /** Times at which they were acknowledged. */
  readonly acknowledgedAt: Instant[] = [];

  /** The simulator as a deployment sees it, with its functions of these names watched. */
  around(simulator: Simulator, names: readonly string[]): Simulator {
    const { functions, clock } = simulator;
    return {
      ...simulator,
      functions: {
        ...functions,
        register: (name, handler, options) =>
          functions.register(
            name,
            names.includes(name)
              ? async (event, context, run) => {
                  const answered = await handler(event, context, run);
                  this.#note(event, answered, clock.now());
                  return answered;
                }
              : handler,
            options,
          ),
      },
    };
  }

  #note(event: unknown, answered: unknown, now: Instant): void {
    const { Records } = invocation.parse(event);
    const failed = new Set(answer.parse(answered).batchItemFailures.map((each) => each.itemIdentifier));
    this.givenBack += failed.size;
    if (failed.size > 0 && failed.size < Records.length) this.partialBatches += 1;
    for (const { messageId, body, attributes } of Records) {
      if (failed.has(messageId)) continue;
      const event = parseRotationEvent(JSON.parse(body));
      const { kind, id = '' } = event;
      this.acknowledged += 1;
      this.sentAt.push(instant(attributes.SentTimestamp));
      this.acknowledgedAt.push(now);
      this.events.add(id);
      if (ATTEMPTS.includes(kind)) this.attempts += 1;
      if (event.kind === 'secret-changed' && event.operation === 'RotateSecret') this.rotateCalls += 1;
    }
  }
}

/** Returns the largest number of instants within so many milliseconds. */
export function busiest(instants: readonly Instant[], spanMs: number): number {
  const inOrder = [...instants].sort((a, b) => a - b);
  let most = 0;
  for (let first = 0, last = 0; last < inOrder.length; last++) {
    while ((inOrder[last] ?? 0) - (inOrder[first] ?? 0) >= spanMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

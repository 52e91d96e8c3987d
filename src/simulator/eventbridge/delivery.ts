import { later } from '../../calendar/instant.ts';
import type { Random } from '../call/random.ts';
import type { BusEvent, Home } from '../call/service.ts';
import type { Functions } from '../lambda/functions.ts';
import type { Queues } from '../sqs/queues.ts';
import type { SimulatorClock } from '../time/clock.ts';
import { type Bus, rulesMatching, type Target } from './bus.ts';
import { type ForwardedEvent, isBus } from './forwarding.ts';

/** Faults of AWS services' events on their way to the bus; CloudTrail's events are best effort. */
export interface EventFaults {
  /** Share of the events that never arrive, 0 to 1. */
  readonly drop: number;
  /** Share of the events that arrive twice, 0 to 1. */
  readonly duplicate: number;
  /** Longest delay in milliseconds; a delayed event takes a random part of it, so events overtake each other. */
  readonly delayMaxMs: number;
  /** Share of the events that are delayed, 0 to 1; at first all. */
  readonly delayShare: number;
}

/** Counts of events by their fate so far. */
export interface EventCounts {
  /** Events that services and callers gave to a bus. */
  readonly emitted: number;
  /** Hand-overs to a target. */
  readonly delivered: number;
  /** Events that arrived at a bus where no rule took them. */
  readonly unmatched: number;
  /** Events that a fault swallowed. */
  readonly dropped: number;
  /** Hand-overs that failed because the target does not exist or does not let the event in. */
  readonly failed: number;
}

/** Dependencies of a delivery. */
export interface DeliveryDependencies {
  readonly clock: SimulatorClock;
  readonly random: Random;
  readonly home: Home;
  readonly queues: Queues;
  readonly functions: Functions;
  /** Publishes to a topic; false when there is none. */
  readonly announce: (topicArn: string, message: string) => boolean;
  /** Hands an event to another bus; false when it does not get there. */
  readonly forward: (forwarded: Omit<ForwardedEvent, 'organization'>) => boolean;
}

/** The way of events from where they arise to the targets of rules. */
export class Delivery {
  readonly #dependencies: DeliveryDependencies;
  readonly #counts = { emitted: 0, delivered: 0, unmatched: 0, dropped: 0, failed: 0 };
  #faults: EventFaults = { drop: 0, duplicate: 0, delayMaxMs: 0, delayShare: 1 };

  constructor(dependencies: DeliveryDependencies) {
    this.#dependencies = dependencies;
  }

  get counts(): EventCounts {
    return { ...this.#counts };
  }

  /** Changes the faults named; the others stay. */
  setFaults(faults: Partial<EventFaults>): void {
    this.#faults = { ...this.#faults, ...faults };
  }

  /** Puts an event of an AWS service on the bus, faults applied. */
  emit(bus: Bus, event: BusEvent): void {
    const { random } = this.#dependencies;
    const { drop, duplicate } = this.#faults;
    this.#counts.emitted += 1;
    if (drop > 0 && random.next() < drop) {
      this.#counts.dropped += 1;
      return;
    }
    this.#arrive(bus, event);
    if (duplicate > 0 && random.next() < duplicate) this.#arrive(bus, event);
  }

  /** Puts an event of a caller on the bus; PutEvents is durable, so no faults apply. */
  put(bus: Bus, event: BusEvent): void {
    this.#counts.emitted += 1;
    this.#match(bus, event, 'own');
  }

  /**
   * Puts an event that another bus sent on the bus; it is not sent on to a third.
   * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
   */
  receive(bus: Bus, event: BusEvent): void {
    this.#match(bus, event, 'forwarded');
  }

  #arrive(bus: Bus, event: BusEvent): void {
    const { clock, random } = this.#dependencies;
    const { delayMaxMs, delayShare } = this.#faults;
    const isPrompt = delayMaxMs === 0 || (delayShare < 1 && random.next() >= delayShare);
    const arrive = (): void => this.#match(bus, event, 'own');
    if (isPrompt) arrive();
    else clock.schedule(later(clock.now(), random.below(delayMaxMs + 1)), arrive);
  }

  #match(bus: Bus, event: BusEvent, origin: Origin): void {
    const rules = rulesMatching(bus, event);
    if (rules.length === 0) this.#counts.unmatched += 1;
    for (const { arn, targets } of rules) {
      for (const target of targets.values()) {
        if (isBus(target) && origin === 'forwarded') continue;
        if (this.#handOver(target, event, arn)) this.#counts.delivered += 1;
        else this.#counts.failed += 1;
      }
    }
  }

  #handOver(target: Target, event: BusEvent, ruleArn: string): boolean {
    const { queues, functions, home, forward, announce } = this.#dependencies;
    if (isBus(target)) return forward({ busArn: target.Arn, event, from: home, roleArn: target.RoleArn });
    const input = inputFor(target, event);
    const sender = { service: 'events.amazonaws.com', sourceArn: ruleArn };
    if (target.Arn.startsWith('arn:aws:sqs:')) return queues.deliver(target.Arn, { body: input }, sender);
    if (target.Arn.startsWith('arn:aws:sns:')) return announce(target.Arn, input);
    if (!functions.has(target.Arn)) return false;
    functions.invokeLater(target.Arn, JSON.parse(input));
    return true;
  }
}

/** Whether an event arose here or came from another bus. */
type Origin = 'own' | 'forwarded';

function inputFor({ Input, InputPath }: Target, event: BusEvent): string {
  if (Input !== undefined) return Input;
  const steps = (InputPath ?? '$').split('.').slice(1);
  let value: unknown = event;
  for (const step of steps) value = value instanceof Object ? Reflect.get(value, step) : undefined;
  return JSON.stringify(value ?? {});
}

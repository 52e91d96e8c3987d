import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import { readInput } from '../call/input.ts';
import type { EmitEvent, Operation, Service } from '../call/service.ts';
import type { Bus } from './bus.ts';
import { Buses } from './buses.ts';
import { Delivery, type DeliveryDependencies, type EventCounts, type EventFaults } from './delivery.ts';
import { type ForwardedEvent, letsIn } from './forwarding.ts';
import { compilePattern, matchesPattern } from './pattern.ts';
import { permissionOperations, policyText } from './permission-operations.ts';
import { putEvents } from './put-events.ts';
import { ruleOperations } from './rule-operations.ts';
import { targetOperations } from './target-operations.ts';

/** EventBridge with its default bus, and what tests and scenarios ask of it. */
export interface EventBridge extends Service {
  /** Takes an event of an AWS service onto the default bus; faults apply. */
  readonly emit: EmitEvent;
  /** Takes an event that another bus sent; false when the bus is not there or does not let it in. */
  receive(forwarded: ForwardedEvent): boolean;
  /** Changes the faults named; the others stay. */
  setFaults(faults: Partial<EventFaults>): void;
  counts(): EventCounts;
}

/** An EventBridge without rules. */
export function createEventBridge(dependencies: DeliveryDependencies): EventBridge {
  const buses = new Buses(dependencies.home);
  const delivery = new Delivery(dependencies);
  return {
    operations: {
      ...ruleOperations(buses),
      ...targetOperations(buses, dependencies.home),
      ...permissionOperations(buses),
      ...busOperations(buses),
      PutEvents: putEvents(buses, delivery, dependencies.random),
      TestEventPattern: (input) => {
        const { EventPattern, Event } = readInput(testing, input);
        return { Result: matchesPattern(compilePattern(EventPattern), parseEvent(Event)) };
      },
    },
    emit: (event) => delivery.emit(buses.find(), event),
    receive: (forwarded) => received(buses, delivery, forwarded),
    setFaults: (faults) => delivery.setFaults(faults),
    counts: () => delivery.counts,
  };
}

function received(buses: Buses, delivery: Delivery, forwarded: ForwardedEvent): boolean {
  const bus = buses.all().find(({ arn }) => arn === forwarded.busArn);
  if (bus === undefined || !letsIn(bus, forwarded)) return false;
  delivery.receive(bus, forwarded.event);
  return true;
}

const testing = z.object({ EventPattern: z.string(), Event: z.string() });
const naming = z.object({ Name: z.string().regex(/^[/.\-_A-Za-z0-9]{1,256}$/) });
const describing = z.object({ Name: z.string().optional() });

function busOperations(buses: Buses): Record<string, Operation> {
  return {
    CreateEventBus: (input) => ({ EventBusArn: buses.create(readInput(naming, input).Name).arn }),
    DeleteEventBus: (input) => buses.remove(readInput(naming, input).Name),
    DescribeEventBus: (input) => shown(buses.find(readInput(describing, input).Name)),
    ListEventBuses: () => ({ EventBuses: buses.all().map(shown) }),
  };
}

const shown = (bus: Bus): object => ({ Name: bus.name, Arn: bus.arn, Policy: policyText(bus) });

function parseEvent(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AwsError(
      'ValidationException',
      'Parameter Event is not valid. Reason: Event is not valid JSON.',
    );
  }
}

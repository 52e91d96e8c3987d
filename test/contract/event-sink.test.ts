import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { describe, expect, test } from 'vitest';
import { eventbridgeSink } from '../../src/monitor/adapters/eventbridge/eventbridge-sink.ts';
import { memoryEventSink } from '../../src/monitor/adapters/memory/memory-event-sink.ts';
import { APPLICATION_EVENT_SOURCE } from '../../src/monitor/domain/rotation/event-patterns.ts';
import {
  type ApplicationEvent,
  type EventSink,
  EventSinkError,
} from '../../src/monitor/ports/tell/event-sink.ts';
import { aSimulator, sdk } from '../support/simulated.ts';

const EVENT: ApplicationEvent = {
  detailType: 'Secret Version Current',
  detail: { schemaVersion: 1, versionId: 'v' },
};

function eventSinkContract(
  open: () => Promise<{ sink: EventSink; arrived(): Promise<readonly unknown[]> }>,
): void {
  test('an event arrives with its detail-type and detail', async () => {
    const { sink, arrived } = await open();
    await sink.publish(EVENT);
    expect(await arrived()).toMatchObject([EVENT]);
  });
}

describe('memoryEventSink', () => {
  eventSinkContract(async () => {
    const sink = memoryEventSink();
    return { sink, arrived: async () => sink.events };
  });
});

describe('eventbridgeSink', () => {
  const open = async (busName = 'applications') => {
    const simulator = aSimulator();
    const received: ApplicationEvent[] = [];
    await simulator.call('events', 'CreateEventBus', { Name: 'applications' }, 'deployer');
    const Arn = simulator.functions.register('application', (event) => {
      const { 'detail-type': detailType, detail } = event as {
        'detail-type': string;
        detail: ApplicationEvent['detail'];
      };
      received.push({ detailType, detail });
    });
    const rule = { Name: 'all', EventBusName: 'applications' };
    await simulator.call(
      'events',
      'PutRule',
      { ...rule, EventPattern: JSON.stringify({ source: [APPLICATION_EVENT_SOURCE] }) },
      'deployer',
    );
    await simulator.call(
      'events',
      'PutTargets',
      { Rule: 'all', EventBusName: 'applications', Targets: [{ Id: 'a', Arn }] },
      'deployer',
    );
    const sink = eventbridgeSink(new EventBridgeClient(sdk(simulator)), busName);
    const arrived = async () => {
      await simulator.clock.advance(1000);
      return received;
    };
    return { simulator, sink, arrived };
  };
  eventSinkContract(open);

  test('a throttled call and a bus that does not exist are errors of the port', async () => {
    const { simulator, sink } = await open();
    simulator.faults.add({ kind: 'throttled', probability: 1 });
    await expect(sink.publish(EVENT)).rejects.toThrow(EventSinkError);
  });
});

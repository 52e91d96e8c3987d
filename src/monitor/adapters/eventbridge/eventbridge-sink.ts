import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { APPLICATION_EVENT_SOURCE } from '../../domain/rotation/event-patterns.ts';
import { type EventSink, EventSinkError } from '../../ports/tell/event-sink.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';

/** Publishes on an EventBridge bus; a partial failure is a failure. */
export const eventbridgeSink = (client: EventBridgeClient, busName: string): EventSink => ({
  async publish({ detailType, detail }) {
    const entry = {
      EventBusName: busName,
      Source: APPLICATION_EVENT_SOURCE,
      DetailType: detailType,
      Detail: JSON.stringify(detail),
    };
    const doing = `Cannot publish "${detailType}" on bus "${busName}"`;
    const answer = await client.send(new PutEventsCommand({ Entries: [entry] })).catch((error: unknown) => {
      throw new EventSinkError(`${doing}: ${describeFailure(error)}`, { ...failureOf(error), cause: error });
    });
    const refused = answer.Entries?.find(({ ErrorCode }) => ErrorCode !== undefined);
    if (refused === undefined) return;
    const error = { name: refused.ErrorCode ?? '' };
    throw new EventSinkError(`${doing}: ${describeFailure(error)}`, failureOf(error));
  },
});

import { SECOND } from '../../../calendar/instant.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EventHistory } from '../../ports/look/event-history.ts';

/** Half of what an account has: people look things up at such a time, too. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html */
const APART_MS = SECOND;

/** A history that is asked once a second at most, one question after another. */
export function pacedHistory(history: EventHistory, clock: Clock): EventHistory {
  let nextAt = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(ask: () => Promise<T>): Promise<T> => {
    const mine = turn.then(async () => {
      const waitMs = nextAt - clock.now();
      if (waitMs > 0) await clock.pause(waitMs);
      nextAt = clock.now() + APART_MS;
      return ask();
    });
    turn = mine.catch(() => undefined);
    return mine;
  };
  return {
    callsOn: (...question) => inTurn(() => history.callsOn(...question)),
    envelopes: (...question) => inTurn(() => history.envelopes(...question)),
  };
}

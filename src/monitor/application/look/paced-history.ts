import { SECOND } from '../../../calendar/instant.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EventHistory } from '../../ports/look/event-history.ts';

/** Half of what an account has: people look things up at such a time, too. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html */
const APART_MS = SECOND;

/** A history that is asked once a second at most. Each question takes the next free second; none waits for an answer. */
export function pacedHistory(history: EventHistory, clock: Clock): EventHistory {
  let nextAt = 0;
  const inTurn = async <T>(ask: () => Promise<T>): Promise<T> => {
    const at = Math.max(nextAt, clock.now());
    nextAt = at + APART_MS;
    const waitMs = at - clock.now();
    if (waitMs > 0) await clock.pause(waitMs);
    return ask();
  };
  return {
    callsOn: (...question) => inTurn(() => history.callsOn(...question)),
    envelopes: (...question) => inTurn(() => history.envelopes(...question)),
  };
}

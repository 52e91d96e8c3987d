import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import type { RecordedCall } from '../../src/monitor/domain/finding/change.ts';
import type { EventHistory } from '../../src/monitor/ports/look/event-history.ts';
import { NOW } from '../support/builders.ts';
import { aCall } from '../support/inspections.ts';

/** A call of somebody, and the name that the function was called by. */
export type PastCall = readonly [call: RecordedCall, name: string];

const SPAN = { from: later(NOW, -HOUR), until: NOW };
const RESOURCE = { name: 'rotate', isGlobal: false };
const callAt = (agoMs: number, given: Partial<RecordedCall> = {}): RecordedCall =>
  aCall({ id: `call@${agoMs}`, at: later(NOW, -agoMs), ...given });

/**
 * Tests what every event history has to do; `open` gives one with these calls, and with failed rotations at these
 * times.
 */
export function eventHistoryContract(
  open: (calls: readonly PastCall[], failedMsAgo?: readonly number[]) => Promise<EventHistory>,
): void {
  test('the calls on a resource are found by its name, newest first', async () => {
    const [early, late] = [callAt(50 * MINUTE), callAt(10 * MINUTE, { operation: 'DeleteFunction' })];
    const history = await open([
      [early, 'rotate'],
      [late, 'rotate'],
      [callAt(20 * MINUTE), 'another'],
    ]);
    expect(await history.callsOn(RESOURCE, SPAN)).toEqual({
      found: [late, early],
      next: undefined,
      oldestAt: early.at,
    });
  });

  test('global resources are looked for, too', async () => {
    const call = callAt(MINUTE, { source: 'iam.amazonaws.com', operation: 'PutRolePolicy' });
    const history = await open([[call, 'rotator']]);
    expect((await history.callsOn({ name: 'rotator', isGlobal: true }, SPAN)).found).toEqual([call]);
  });

  test('what lies outside of the time is left out', async () => {
    const history = await open([
      [callAt(HOUR + MINUTE), 'rotate'],
      [callAt(-MINUTE), 'rotate'],
    ]);
    expect(await history.callsOn(RESOURCE, SPAN)).toEqual({
      found: [],
      next: undefined,
      oldestAt: undefined,
    });
  });

  test('a page holds fifty at most, the newest, and leads to the next', async () => {
    const calls = Array.from({ length: 60 }, (_, index) => [callAt(index * 30_000), 'rotate'] as const);
    const history = await open(calls);
    const first = await history.callsOn(RESOURCE, SPAN);
    expect(first.found).toHaveLength(50);
    expect(first.found[0]?.at).toBe(NOW);
    expect(first.oldestAt).toBe(later(NOW, -49 * 30_000));
    const second = await history.callsOn(RESOURCE, SPAN, first.next);
    expect(second.found).toHaveLength(10);
    expect(second).toMatchObject({ next: undefined, oldestAt: later(NOW, -59 * 30_000) });
  });

  test('events come by the page, too', async () => {
    const history = await open(
      [],
      Array.from({ length: 51 }, (_, index) => index * 30_000),
    );
    const { next, found } = await history.envelopes('RotationFailed', SPAN);
    expect(found).toHaveLength(50);
    expect((await history.envelopes('RotationFailed', SPAN, next)).found).toHaveLength(1);
  });

  test('events are found by their name, in the form in which they should have come', async () => {
    const history = await open([], [2 * HOUR, 30 * MINUTE]);
    const { found } = await history.envelopes('RotationFailed', SPAN);
    expect(found).toMatchObject([
      {
        source: 'aws.secretsmanager',
        'detail-type': 'AWS Service Event via CloudTrail',
        account: '111122223333',
        region: 'eu-west-1',
        detail: { eventName: 'RotationFailed' },
      },
    ]);
    expect((await history.envelopes('RotationSucceeded', SPAN)).found).toEqual([]);
  });
}

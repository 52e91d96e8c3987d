import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY, HOUR, type Instant, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import {
  type ChannelCondition,
  channelStep,
  withChannel,
} from '../../../../../src/monitor/domain/alert/channel-condition.ts';
import { NOW } from '../../../../support/builders.ts';

const fails = (known: ChannelCondition | undefined, now: Instant, reason = 'revoked') =>
  channelStep(known, { channel: 'slack', reason }, now);
const takes = (known: ChannelCondition | undefined, now: Instant) =>
  channelStep(known, { channel: 'slack', reason: undefined }, now);
const FAILED: ChannelCondition = {
  channel: 'slack',
  since: NOW,
  toldAt: { revoked: NOW },
  overAt: undefined,
};
const OVER: ChannelCondition = { ...FAILED, overAt: NOW };

test('the first failure is reported, and remembered with its time', () => {
  expect(fails(undefined, NOW)).toEqual({ tells: 'fault', condition: FAILED });
});

test('the same failure is reported again after a day, another at once', () => {
  expect(fails(FAILED, later(NOW, DAY - 1))).toBeUndefined();
  expect(fails(FAILED, later(NOW, DAY))).toMatchObject({ tells: 'fault', condition: { since: NOW } });
  expect(fails(FAILED, later(NOW, MINUTE), 'no-channel')).toMatchObject({
    tells: 'fault',
    condition: { toldAt: { revoked: NOW, 'no-channel': NOW + MINUTE } },
  });
});

test('a channel that takes a message again is reported once, and one that never failed never', () => {
  const over = later(NOW, HOUR);
  expect(takes(FAILED, over)).toEqual({ tells: 'recovery', condition: { ...FAILED, overAt: over } });
  expect(takes({ ...FAILED, overAt: over }, later(over, MINUTE))).toBeUndefined();
  expect(takes(undefined, NOW)).toBeUndefined();
});

test('a channel that fails again is reported again once it had been well for an hour', () => {
  expect(fails(OVER, later(NOW, HOUR - 1))).toBeUndefined();
  const again = later(NOW, HOUR);
  expect(fails(OVER, again)?.condition).toEqual({ ...FAILED, since: again, toldAt: { revoked: again } });
});

const outcome = fc.record({
  after: fc.integer({ min: 0, max: 2 * DAY }),
  reason: fc.constantFrom(undefined, 'revoked', 'invalid', 'throttled'),
});

test('whatever happens, faults and recoveries alternate, and a message that is taken ends every fault', () => {
  fc.assert(
    fc.property(fc.array(outcome, { maxLength: 40 }), (outcomes) => {
      let [now, known]: [Instant, ChannelCondition | undefined] = [NOW, undefined];
      let isDown = false;
      for (const { after, reason } of outcomes) {
        now = later(now, after);
        const step = channelStep(known, { channel: 'slack', reason }, now);
        expect(step?.tells === 'recovery').toBe(isDown && reason === undefined);
        isDown = step === undefined ? isDown : step.tells === 'fault';
        known = step?.condition ?? known;
      }
    }),
  );
});

test('a condition takes the place of the one about the same channel', () => {
  const other: ChannelCondition = { ...FAILED, channel: 'amazon-q' };
  expect(withChannel([FAILED, other], OVER)).toEqual([other, OVER]);
});

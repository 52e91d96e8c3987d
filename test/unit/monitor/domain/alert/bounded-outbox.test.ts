import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import type { Notification, Transition } from '../../../../../src/monitor/domain/alert/notification.ts';
import { boundedOutbox } from '../../../../../src/monitor/domain/alert/reconcile.ts';
import { aNotification } from '../../../../support/alerts.ts';
import { NOW } from '../../../../support/builders.ts';

const said = (alert: number, transition: Transition, minute: number): Notification =>
  aNotification({
    fingerprint: `secret#${alert}`,
    transition,
    id: `${alert} ${transition} ${minute}`,
    at: later(NOW, minute * MINUTE),
  });
const texts = (outbox: readonly Notification[]) => outbox.map(({ id }) => id);
const LATE = later(NOW, 100 * HOUR);

/** Returns the notifications of alerts that open and end one after the other. */
const pairs = (count: number): readonly Notification[] =>
  Array.from({ length: count }, (_, alert) => [
    said(alert, 'opened', 2 * alert),
    said(alert, 'resolved', 2 * alert + 1),
  ]).flat();

test('twenty notifications wait as they are', () => {
  const outbox = pairs(10);
  expect(boundedOutbox(outbox, LATE)).toBe(outbox);
});

test('of more, what is over and was never reported collapses, the oldest first', () => {
  expect(texts(boundedOutbox(pairs(12), LATE))).toEqual(texts(pairs(12).slice(4)));
});

test('the end of what people heard of is kept, and the beginning of what is open', () => {
  const outbox = [
    said(100, 'rose', 0),
    said(100, 'repeated', 1),
    said(100, 'resolved', 2),
    said(101, 'opened', 3),
    ...Array.from({ length: 20 }, (_, index) => said(101, 'repeated', 4 + index)),
  ];
  expect(texts(boundedOutbox(outbox, LATE))).toEqual(['100 resolved 2', '101 opened 3', '101 repeated 23']);
});

test('what ended a moment ago is kept: a delivery that runs may have sent its beginning', () => {
  const outbox = pairs(12);
  const now = outbox.at(-1)?.at ?? NOW;
  expect(boundedOutbox(outbox, later(now, -14 * MINUTE))).toHaveLength(24);
  expect(boundedOutbox(outbox, later(now, 10 * MINUTE))).toHaveLength(20);
});

test('of the announcements of silences the last is kept', () => {
  const silences = Array.from({ length: 21 }, (_, alert) => said(alert, 'silenced', alert));
  expect(texts(boundedOutbox(silences, LATE))).toEqual(['20 silenced 20']);
});

/** A life of alerts of one secret: each opens, goes on and mostly ends before the next. */
const lives = fc.array(
  fc.record({
    heard: fc.boolean(),
    middle: fc.array(fc.constantFrom<Transition>('rose', 'repeated', 'escalated'), { maxLength: 4 }),
    ends: fc.boolean(),
  }),
  { maxLength: 60 },
);

test('no end is lost of what people heard of, and no beginning of what is open, whatever waits', () => {
  fc.assert(
    fc.property(lives, (alerts) => {
      let minute = 0;
      const outbox = alerts.flatMap(({ heard, middle, ends }, alert) =>
        [...(heard ? [] : ['opened' as const]), ...middle, ...(ends ? ['resolved' as const] : [])].map(
          (transition) => said(alert, transition, minute++),
        ),
      );
      const kept = new Set(texts(boundedOutbox(outbox, LATE)));
      for (const [alert, { heard, ends }] of alerts.entries()) {
        const own = outbox.filter(({ fingerprint }) => fingerprint === `secret#${alert}`);
        const [first, last] = [own[0], own.at(-1)];
        if (ends && heard && last !== undefined) expect(kept).toContain(last.id);
        if (!ends && !heard && first !== undefined) expect(kept).toContain(first.id);
        if (!ends && last !== undefined) expect(kept).toContain(last.id);
      }
      const open = alerts.filter(({ ends }) => !ends).length;
      const heard = alerts.filter((each) => each.ends && each.heard).length;
      expect(kept.size).toBeLessThanOrEqual(Math.max(20, 6 * open + heard));
    }),
  );
});

import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import type { Transition } from '../../../../../src/monitor/domain/alert/notification.ts';
import {
  breaksNews,
  spanAround,
  spanBefore,
  tellsTrouble,
} from '../../../../../src/monitor/domain/examine/examination.ts';
import { freshState } from '../../../../../src/monitor/domain/state/secret-state.ts';
import { aNotification } from '../../../../support/alerts.ts';
import { aSecret, NOW } from '../../../../support/builders.ts';
import { TARGET } from '../../../../support/service.ts';

const BEFORE = freshState(aSecret().arn, 'prod/orders/db', TARGET);
const saying = (...transitions: readonly Transition[]) => ({
  ...BEFORE,
  outbox: transitions.map((transition) => aNotification({ transition })),
});

test.each([
  ['opened', true, true],
  ['rose', true, true],
  ['repeated', true, false],
  ['escalated', true, false],
  ['silenced', false, false],
  ['resolved', false, false],
] as const)('%s: is trouble %s, is news %s', (transition, trouble, news) => {
  expect(tellsTrouble(BEFORE, saying(transition))).toBe(trouble);
  expect(breaksNews(BEFORE, saying(transition))).toBe(news);
});

test('what was in the outbox before is not reported again', () => {
  expect(tellsTrouble(saying('opened'), saying('opened'))).toBe(false);
  expect(tellsTrouble(saying('opened'), saying('opened', 'resolved'))).toBe(false);
});

test('changes are looked for from a day before the finding until an hour after it began', () => {
  const since = later(NOW, -10 * DAY);
  expect(spanBefore({ since }, NOW)).toEqual({ from: later(since, -DAY), until: later(since, HOUR) });
  expect(spanBefore({ since: later(NOW, -MINUTE) }, NOW).until).toBe(NOW);
});

test('errors are looked for around the beginning', () => {
  const since = later(NOW, -10 * DAY);
  expect(spanAround({ since }, NOW)).toEqual({
    from: later(since, -HOUR / 2),
    until: later(since, 4 * HOUR),
  });
  expect(spanAround({ since: NOW }, NOW).until).toBe(NOW);
});

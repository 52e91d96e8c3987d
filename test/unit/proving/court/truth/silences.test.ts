import { expect, test } from 'vitest';
import { HOUR } from '../../../../../src/calendar/instant.ts';
import { silencesOf } from '../../../../../src/proving/court/truth/silences.ts';
import { at } from '../../../../support/builders.ts';
import { aStageChange } from '../../../../support/stage-changes.ts';

const tags = (until: string, reason = 'migration') => [
  { Key: 'rotation-monitor:silence-until', Value: until },
  { Key: 'rotation-monitor:silence-reason', Value: reason },
];

test('a silence lasts until the end of the day that its tag names', () => {
  expect(silencesOf([aStageChange(0, { tags: tags('2026-03-05') })])).toEqual([
    { from: at('2026-03-02T00:00:00Z'), until: at('2026-03-06T00:00:00Z') },
  ]);
});

test('a silence ends with its tags', () => {
  const silenced = aStageChange(HOUR, { tags: tags('2026-03-05') });
  const history = [aStageChange(0), silenced, { ...silenced, at: at('2026-03-02T02:00:00Z') }];
  expect(silencesOf([...history, aStageChange(3 * HOUR)])).toEqual([
    { from: at('2026-03-02T01:00:00Z'), until: at('2026-03-02T03:00:00Z') },
  ]);
});

test.each([
  ['without a reason', tags('2026-03-05', ' ')],
  ['for a day that is over', tags('2026-03-01')],
  ['for no day', tags('soon')],
])('a silence %s is none', (_what, given) => {
  expect(silencesOf([aStageChange(0, { tags: given })])).toEqual([]);
});

test('a silence for longer than 90 days begins 90 days before its last day', () => {
  expect(silencesOf([aStageChange(0, { tags: tags('2026-12-31') })])).toEqual([
    { from: at('2026-10-02T00:00:00Z'), until: at('2027-01-01T00:00:00Z') },
  ]);
});

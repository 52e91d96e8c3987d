import { expect, test } from 'vitest';
import { silenceTags } from '../../../../../src/monitor/domain/secret/silence-tags.ts';
import { NOW } from '../../../../support/builders.ts';

const wanted = (until: string, reason = 'the vendor is closed') => silenceTags({ until, reason }, NOW);

test('a silence is two tags', () => {
  expect(wanted('2026-12-31', ' the vendor is closed ')).toEqual({
    tags: {
      'rotation-monitor:silence-until': '2026-12-31',
      'rotation-monitor:silence-reason': 'the vendor is closed',
    },
  });
});

test('today is the first day that can be silenced, and the 90th from now the last', () => {
  expect(wanted('2026-11-20')).toEqual({ fault: '2026-11-20 is over' });
  expect(wanted('2026-11-21')).toHaveProperty('tags');
  expect(wanted('2027-02-19')).toHaveProperty('tags');
  expect(wanted('2027-02-20')).toEqual({ fault: '2027-02-20 is more than 90 days away' });
});

test.each(['', 'tomorrow', '2026-13-01', '2026-12-31T00:00:00Z'])('"%s" is no day', (until) => {
  expect(wanted(until)).toEqual({ fault: `"${until}" is not a day such as 2026-12-31` });
});

test.each(['', '  ', 'x'.repeat(257), 'a\nb', '<b>'])('a tag cannot hold the reason "%s"', (reason) => {
  expect(wanted('2026-12-31', reason)).toHaveProperty('fault');
});

import { expect, test } from 'vitest';
import { DAY, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import {
  exceptionChanges,
  exceptionsOf,
  requestOf,
  stateAt,
} from '../../../../../src/monitor/domain/report/exception-record.ts';
import { NOW } from '../../../../support/builders.ts';
import { EXCEPTED } from '../../../../support/exceptions.ts';

const TERMS = { ...EXCEPTED, until: later(NOW, 10 * DAY) };
const REQUEST = requestOf(TERMS, NOW);
const GRANTED = { ...REQUEST, approvedBy: 'bob', grantedAt: later(NOW, MINUTE) };
const ENDED = { ...GRANTED, endedBy: 'carol', endedAt: later(NOW, DAY) };

test('a request excepts nothing and changes no history', () => {
  expect(stateAt(REQUEST, NOW)).toBe('requested');
  expect(exceptionsOf([REQUEST])).toEqual([]);
  expect(exceptionChanges([REQUEST, { ...REQUEST, endedBy: 'alice', endedAt: NOW }])).toEqual([]);
});

test('an exception is not in force before it begins', () => {
  expect(stateAt(GRANTED, later(GRANTED.grantedAt, -1))).toBe('not-begun');
  expect(stateAt(GRANTED, GRANTED.grantedAt)).toBe('in-force');
});

test('an exception is in force until its end and not a moment longer', () => {
  expect(stateAt(GRANTED, later(TERMS.until, -1))).toBe('in-force');
  expect(stateAt(GRANTED, TERMS.until)).toBe('expired');
  expect(exceptionsOf([GRANTED])).toMatchObject([{ approvedBy: 'bob', until: TERMS.until }]);
  expect(exceptionChanges([GRANTED])).toMatchObject([
    { kind: 'exception-granted', actor: 'bob', at: GRANTED.grantedAt },
  ]);
});

test('one that was ended early held until then', () => {
  expect(stateAt(ENDED, later(ENDED.endedAt, -1))).toBe('in-force');
  expect(stateAt(ENDED, ENDED.endedAt)).toBe('ended');
  expect(exceptionsOf([ENDED])).toMatchObject([{ until: ENDED.endedAt }]);
  expect(exceptionChanges([ENDED]).map(({ kind, actor }) => [kind, actor])).toEqual([
    ['exception-granted', 'bob'],
    ['exception-ended', 'carol'],
  ]);
});

test('other terms, another caller or another moment make another id', () => {
  const ids = [
    REQUEST,
    requestOf({ ...TERMS, until: later(NOW, DAY) }, NOW),
    requestOf({ ...TERMS, reason: 'for another reason' }, NOW),
    requestOf({ ...TERMS, requestedBy: 'bob' }, NOW),
    requestOf(TERMS, later(NOW, 1)),
  ].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

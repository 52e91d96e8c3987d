import { expect, test } from 'vitest';
import { HOUR, type Instant, later, MINUTE, SECOND } from '../../../../../src/calendar/instant.ts';
import { type BaselineEnds, overdue, waitsOnPurpose } from '../../../../../src/monitor/domain/alert/admit.ts';
import { type Group, grouped } from '../../../../../src/monitor/domain/alert/group.ts';
import type { GroupRecord } from '../../../../../src/monitor/domain/alert/group-record.ts';
import { targetKey } from '../../../../../src/monitor/domain/secret/secret.ts';
import { aNotification } from '../../../../support/alerts.ts';
import { NOW } from '../../../../support/builders.ts';

const DUE = later(NOW, 30 * SECOND);
const HOME = targetKey({ account: '111122223333', region: 'eu-west-1' });
const MEMBER = targetKey({ account: '444455556666', region: 'eu-west-1' });
const complete: BaselineEnds = new Map([[HOME, NOW]]);

test('a notification is overdue a quarter of an hour after it could have been delivered', () => {
  const said = [aNotification({ notBefore: DUE })];
  expect(overdue(said, complete, later(DUE, 15 * MINUTE))).toEqual([]);
  expect(overdue(said, complete, later(DUE, 15 * MINUTE + 1))).toEqual(said);
});

test('a baseline is overdue a quarter of an hour after the first sweep of its own target is complete', () => {
  const held = aNotification({ baseline: true });
  const critical = aNotification({ baseline: true, severity: 'CRITICAL' });
  const said = [held, critical];
  const elsewhere: BaselineEnds = new Map([[MEMBER, NOW]]);
  const late: BaselineEnds = new Map([[HOME, later(NOW, HOUR)]]);
  expect(overdue(said, elsewhere, later(NOW, HOUR))).toEqual([critical]);
  expect(overdue(said, late, later(NOW, HOUR + 15 * MINUTE))).toEqual([critical]);
  expect(overdue(said, late, later(NOW, HOUR + 15 * MINUTE + 1))).toEqual(said);
  expect(overdue(said, complete, later(NOW, HOUR))).toEqual(said);
});

const groupOf = (...notifications: readonly ReturnType<typeof aNotification>[]) => {
  const [group] = grouped(notifications);
  if (group === undefined) throw new Error('The group is missing');
  return group;
};

const waits = (group: Group, known: GroupRecord | undefined, now: Instant): boolean =>
  waitsOnPurpose(group, { known, over: new Set(), now });

test('a group that grows waits on purpose until a quarter of an hour after it could have been sent', () => {
  const group = groupOf(aNotification({ fingerprint: 'new' }));
  const record = {
    key: 'k',
    members: { old: { severity: 'HIGH' as const, at: NOW } },
    ended: {},
    toldAt: NOW,
    escalatedAt: undefined,
    repeatedAt: undefined,
    peak: 1,
    unnamed: undefined,
  };
  const until = 90 * MINUTE + 15 * MINUTE;
  expect(waits(group, record, later(NOW, until - 1))).toBe(true);
  expect(waits(group, record, later(NOW, until))).toBe(false);
  expect(waits(group, undefined, later(NOW, HOUR))).toBe(false);
});

test('a group that is over was waiting on purpose until its last member joined', () => {
  const resolved = { transition: 'resolved', reason: 'resolved' } as const;
  const group = groupOf(
    aNotification({ ...resolved, secretName: 'first', notBefore: DUE }),
    aNotification({ ...resolved, secretName: 'last', notBefore: later(DUE, HOUR) }),
  );
  expect(waits(group, undefined, later(DUE, HOUR + 15 * MINUTE))).toBe(true);
  expect(waits(group, undefined, later(DUE, HOUR + 15 * MINUTE + 1))).toBe(false);
});

test('what joins a group makes nothing late that was held until it came', () => {
  const at = (minutes: number) => ({
    at: later(NOW, minutes * MINUTE),
    notBefore: later(NOW, minutes * MINUTE),
  });
  const held = aNotification({ fingerprint: 'held', severity: 'MEDIUM', ...at(5) });
  const urgent = { transition: 'escalated', reason: 'unacknowledged', severity: 'CRITICAL' } as const;
  const group = groupOf(held, aNotification({ fingerprint: 'old', ...urgent, ...at(30) }));
  const record = {
    key: 'k',
    members: { old: { severity: 'CRITICAL' as const, at: NOW } },
    ended: {},
    toldAt: NOW,
    escalatedAt: undefined,
    repeatedAt: undefined,
    peak: 1,
    unnamed: undefined,
  };
  expect(waits(group, record, later(NOW, 30 * MINUTE))).toBe(true);
  expect(waits(group, record, later(NOW, 45 * MINUTE - 1))).toBe(true);
  expect(waits(group, record, later(NOW, 45 * MINUTE))).toBe(false);
});

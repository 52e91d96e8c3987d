import { expect, test } from 'vitest';
import { DAY, HOUR, type Instant, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import type { Case } from '../../../../../src/proving/court/checks/case.ts';
import { unresolved } from '../../../../../src/proving/court/checks/unresolved.ts';
import { NOW } from '../../../../support/builders.ts';

const TEST = '0aaaaaaa-0000-4000-8000-000000000001';
const ENDED = later(NOW, HOUR);

/** An alert about a failed test that stays open for days after a later test succeeded, or was not heard to. */
function openFor({ heardAt, code = 'test-rotation-failed' }: { heardAt?: Instant; code?: string }): Case {
  const arrived = [{ eventName: 'TestRotationSucceeded', happenedAt: ENDED, arrivedAt: heardAt ?? NOW }];
  const opened = { fingerprint: 'f', transition: 'opened', at: later(NOW, MINUTE), code, severity: 'LOW' };
  const parts = {
    run: {
      endsAt: later(NOW, 3 * DAY),
      sweepEveryMs: 5 * MINUTE,
      listStaleMaxMs: 0,
      describeStaleMaxMs: 0,
      indexLagMaxMs: 0,
      setsDeadlines: true,
      outages: [],
      kills: [],
      arrivedOf: (versionId: string) => (versionId === TEST && heardAt !== undefined ? arrived : []),
    },
    secret: { name: 'app/db' },
    outages: [],
    conditions: [{ code, versionId: undefined, since: NOW, until: ENDED }],
    lives: [{ versionId: TEST, until: ENDED }],
    said: [{ notification: { ...opened, finding: { pendingVersionId: undefined } } }],
  };
  // No more of a case is read here.
  return parts as unknown as Case;
}

test('an alert that outlives its condition is a breach', () => {
  expect(unresolved(openFor({ code: 'rotation-overdue' }))).toMatchObject([
    { kind: 'unresolved', secret: 'app/db', at: ENDED },
  ]);
});

test('a failed test whose success was heard of has to end', () => {
  expect(unresolved(openFor({ heardAt: ENDED }))).toMatchObject([{ kind: 'unresolved', at: ENDED }]);
});

test('one whose success nobody heard of cannot end', () => {
  expect(unresolved(openFor({}))).toEqual([]);
});

test('one whose success was heard of at the very end has still time', () => {
  expect(unresolved(openFor({ heardAt: later(NOW, 3 * DAY - MINUTE) }))).toEqual([]);
});

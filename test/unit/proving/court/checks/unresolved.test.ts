import { expect, test } from 'vitest';
import { DAY, HOUR, type Instant, later, MINUTE, SECOND } from '../../../../../src/calendar/instant.ts';
import type { Case } from '../../../../../src/proving/court/checks/case.ts';
import { unresolved } from '../../../../../src/proving/court/checks/unresolved.ts';
import { NOW } from '../../../../support/builders.ts';

const TEST = '0aaaaaaa-0000-4000-8000-000000000001';
const ENDED = later(NOW, HOUR);

interface Open {
  readonly heardAt?: Instant;
  readonly code?: string;
  /** Time at which it is resolved; never, where undefined. */
  readonly resolvedAt?: Instant;
  readonly listStaleMaxMs?: number;
}

/** An alert about a failed test that stays open for days after a later test succeeded, or was not heard to. */
function openFor({ heardAt, resolvedAt, listStaleMaxMs = 0, code = 'test-rotation-failed' }: Open): Case {
  const arrived = [{ eventName: 'TestRotationSucceeded', happenedAt: ENDED, arrivedAt: heardAt ?? NOW }];
  const opened = { fingerprint: 'f', transition: 'opened', at: later(NOW, MINUTE), code, severity: 'LOW' };
  const resolved = resolvedAt === undefined ? [] : [{ ...opened, transition: 'resolved', at: resolvedAt }];
  const parts = {
    run: {
      endsAt: later(NOW, 3 * DAY),
      sweepEveryMs: 5 * MINUTE,
      listStaleMaxMs,
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
    said: [opened, ...resolved].map((one) => ({
      notification: { ...one, finding: { pendingVersionId: undefined } },
    })),
  };
  // No more of a case is read here.
  return parts as unknown as Case;
}

test('an alert that outlives its condition is a breach', () => {
  expect(unresolved(openFor({ code: 'rotation-overdue' }))).toMatchObject([
    { kind: 'unresolved', secret: 'app/db', at: ENDED },
  ]);
});

test('a sweep that comes late within its minute, and reads an old list, is no breach', () => {
  const resolvedAfter = (ms: number) =>
    unresolved(
      openFor({ code: 'rotation-overdue', resolvedAt: later(ENDED, ms), listStaleMaxMs: 5 * MINUTE }),
    );
  expect(resolvedAfter(10 * MINUTE + 41 * SECOND)).toEqual([]);
  expect(resolvedAfter(11 * MINUTE + SECOND)).toHaveLength(1);
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

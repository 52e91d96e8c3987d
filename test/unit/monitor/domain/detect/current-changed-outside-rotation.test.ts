import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import { currentChangedOutsideRotation } from '../../../../../src/monitor/domain/detect/current-changed-outside-rotation.ts';
import { judge } from '../../../../../src/monitor/domain/detect/judge.ts';
import type { OutsideMove } from '../../../../../src/monitor/domain/rotation/current-sight.ts';
import {
  anEvidence,
  aPending,
  aPolicy,
  CURRENT,
  facts,
  NOW,
  PENDING,
  PREVIOUS,
} from '../../../../support/builders.ts';

const current = (given: Partial<OutsideMove> = {}) => ({
  versionId: CURRENT,
  seenAt: later(NOW, -HOUR),
  rotated: PREVIOUS,
  earlier: [PREVIOUS],
  outside: {
    kind: 'replaced' as const,
    from: PREVIOUS,
    to: CURRENT,
    seenAt: later(NOW, -HOUR),
    ...given,
  },
});

test('a replaced value is reported 15 minutes after it was seen, and not at that very instant', () => {
  const seen = (ms: number) => facts({ current: current({ seenAt: later(NOW, -ms) }) });
  expect(currentChangedOutsideRotation.detect(seen(15 * MINUTE), NOW)).toBe('clear');
  expect(currentChangedOutsideRotation.detect(seen(15 * MINUTE + 1), NOW)).toMatchObject({
    code: 'current-changed-outside-rotation',
    severity: 'LOW',
    pendingVersionId: undefined,
  });
});

test('it says who did it and when, where an event shows it', () => {
  const by = { at: later(NOW, -2 * HOUR), actor: 'arn:aws:iam::111122223333:user/alex' };
  expect(currentChangedOutsideRotation.detect(facts({ current: current({ by }) }), NOW)).toMatchObject({
    since: by.at,
    what: `The value in use was replaced by version ${CURRENT} by arn:aws:iam::111122223333:user/alex at 2026-11-21T08:00:00Z, outside a rotation.`,
  });
});

test('a move back to an earlier version is HIGH', () => {
  const given = facts({ current: current({ kind: 'moved-back' }) });
  expect(currentChangedOutsideRotation.detect(given, NOW)).toMatchObject({
    severity: 'HIGH',
    what: expect.stringContaining(`AWSCURRENT was moved back to version ${CURRENT}`),
  });
});

test('it does not apply without such a move', () => {
  expect(currentChangedOutsideRotation.detect(facts(), NOW)).toBe('not-applicable');
  const { outside: _, ...settled } = current();
  expect(currentChangedOutsideRotation.detect(facts({ current: settled }), NOW)).toBe('not-applicable');
});

test('a changed value that was refused at setSecret is dead: what speaks for the pending version is CRITICAL', () => {
  const progress = [
    { versionId: PENDING, failures: 1, reached: 'setSecret' as const, refusedAt: later(NOW, -HOUR) },
  ];
  const evidence = [anEvidence('rotation-failed', 20 * MINUTE, { step: 'setSecret' })];
  const pending = aPending(30 * MINUTE);
  const severity = (given: Parameters<typeof facts>[0]) =>
    judge(facts({ pending, evidence, ...given }), NOW)[0]?.severity;
  expect(severity({})).toBe('MEDIUM');
  expect(severity({ progress })).toBe('CRITICAL');
  expect(severity({ progress, policy: aPolicy({ strategy: 'alternating-users' }) })).toBe('MEDIUM');
});

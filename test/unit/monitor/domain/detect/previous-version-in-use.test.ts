import { expect, test } from 'vitest';
import { DAY, HOUR, later } from '../../../../../src/calendar/instant.ts';
import { previousVersionInUse } from '../../../../../src/monitor/domain/detect/previous-version-in-use.ts';
import { anEvidence, aPending, at, facts, NOW, PREVIOUS } from '../../../../support/builders.ts';

const previousUse = {
  versionId: PREVIOUS,
  requestedOn: at('2026-11-20T00:00:00Z'),
  rotatedAt: at('2026-11-02T00:20:00Z'),
};

test('previousVersionInUse says on which day AWSPREVIOUS was requested', () => {
  expect(previousVersionInUse.detect(facts({ previousUse }), NOW)).toEqual({
    code: 'previous-version-in-use',
    severity: 'LOW',
    since: previousUse.requestedOn,
    pendingVersionId: undefined,
    what: 'AWSPREVIOUS was requested on 2026-11-20, after the rotation of 2026-11-02.',
  });
});

test('previousVersionInUse does not apply when nobody asked', () => {
  expect(previousVersionInUse.detect(facts(), NOW)).toBe('not-applicable');
});

test('previousVersionInUse is clear a week after the day of the last request, and speaks a millisecond earlier', () => {
  const quietAt = later(previousUse.requestedOn, 8 * DAY);
  expect(previousVersionInUse.detect(facts({ previousUse }), later(quietAt, -1))).not.toBe('clear');
  expect(previousVersionInUse.detect(facts({ previousUse }), quietAt)).toBe('clear');
});

test('previousVersionInUse is clear when the rotation function may have made the request', () => {
  const failed = anEvidence('rotation-failed', 30 * HOUR);
  expect(previousVersionInUse.detect(facts({ previousUse, evidence: [failed] }), NOW)).toBe('clear');
  expect(previousVersionInUse.detect(facts({ previousUse, pending: aPending(2 * DAY) }), NOW)).toBe('clear');
  const older = anEvidence('rotation-failed', 3 * DAY);
  expect(previousVersionInUse.detect(facts({ previousUse, evidence: [older] }), NOW)).not.toBe('clear');
});

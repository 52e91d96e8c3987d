import { expect, test } from 'vitest';
import { MINUTE } from '../../../../../src/calendar/instant.ts';
import { noCurrentVersion } from '../../../../../src/monitor/domain/detect/no-current-version.ts';
import { aPending, facts, NOW, PENDING, PREVIOUS } from '../../../../support/builders.ts';

test('noCurrentVersion speaks when versions exist and none is AWSCURRENT', () => {
  const secret = { versionStages: { [PREVIOUS]: ['AWSPREVIOUS'] } };
  expect(noCurrentVersion.detect(facts({ secret }), NOW)).toMatchObject({
    code: 'no-current-version',
    severity: 'HIGH',
    since: NOW,
    pendingVersionId: undefined,
  });
});

test('noCurrentVersion waits while a rotation is within its threshold, and not a millisecond longer', () => {
  const secret = { versionStages: { [PENDING]: ['AWSPENDING'] } };
  const aged = (ms: number) =>
    noCurrentVersion.detect(facts({ secret, pending: aPending(ms, { currentVersionId: undefined }) }), NOW);
  expect(aged(60 * MINUTE)).toBe('clear');
  expect(aged(60 * MINUTE + 1)).toMatchObject({ code: 'no-current-version', pendingVersionId: PENDING });
});

test('noCurrentVersion is clear when a version is AWSCURRENT', () => {
  expect(noCurrentVersion.detect(facts(), NOW)).toBe('clear');
});

test('noCurrentVersion does not apply to a secret without any version', () => {
  expect(noCurrentVersion.detect(facts({ secret: { versionStages: {} } }), NOW)).toBe('not-applicable');
});

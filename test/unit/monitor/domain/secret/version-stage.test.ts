import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  currentVersion,
  lacksCurrent,
  pendingApart,
  pendingVersion,
  type VersionStages,
} from '../../../../../src/monitor/domain/secret/version-stage.ts';
import { CURRENT, PENDING, PENDING_APART } from '../../../../support/builders.ts';

test('pendingApart names a pending version that is not the one in use', () => {
  expect(pendingApart(PENDING_APART)).toBe(PENDING);
  expect(pendingApart({ [PENDING]: ['AWSPENDING'] })).toBe(PENDING);
});

test('pendingApart takes AWSPENDING on the version in use, or nowhere, for healthy', () => {
  expect(pendingApart({ [CURRENT]: ['AWSPENDING', 'AWSCURRENT'] })).toBeUndefined();
  expect(pendingApart({ [CURRENT]: ['AWSCURRENT'] })).toBeUndefined();
  expect(pendingApart({})).toBeUndefined();
});

/** Stages as AWS keeps them: each of the three on one version at most. */
const anyStages: fc.Arbitrary<VersionStages> = fc
  .record({
    AWSCURRENT: fc.option(fc.nat({ max: 3 })),
    AWSPENDING: fc.option(fc.nat({ max: 3 })),
    AWSPREVIOUS: fc.option(fc.nat({ max: 3 })),
  })
  .map((places) => {
    const labels = Object.entries(places);
    const versions = new Set(labels.flatMap(([, place]) => (place === null ? [] : [place])));
    const on = (version: number) => labels.flatMap(([stage, place]) => (place === version ? [stage] : []));
    return Object.fromEntries([...versions].map((version) => [`version-${version}`, on(version)]));
  });

test('pendingApart is the pending version unless that is the one in use', () => {
  fc.assert(
    fc.property(anyStages, (stages) => {
      const pending = pendingVersion(stages);
      expect(pendingApart(stages)).toBe(pending === currentVersion(stages) ? undefined : pending);
    }),
  );
});

test('a secret lacks a current version only if it has versions and none is in use', () => {
  fc.assert(
    fc.property(anyStages, (stages) => {
      const labels = Object.values(stages).flat();
      expect(lacksCurrent(stages)).toBe(labels.length > 0 && !labels.includes('AWSCURRENT'));
    }),
  );
});

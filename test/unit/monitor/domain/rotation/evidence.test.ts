import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY, HOUR } from '../../../../../src/calendar/instant.ts';
import {
  type Evidence,
  MAX_EVIDENCE,
  withEvidence,
} from '../../../../../src/monitor/domain/rotation/evidence.ts';
import { anEvidence } from '../../../../support/builders.ts';

const fact = fc.record({ id: fc.integer({ min: 0, max: 200 }), ago: fc.integer({ min: 0, max: DAY }) }).map(
  // The same id is the same fact, so it has the same time.
  ({ id }) => anEvidence('rotation-failed', (id * 7919) % DAY, { id: `fact-${id}` }),
);

test('withEvidence is the same in whatever order and however often facts arrive', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fact, { maxLength: MAX_EVIDENCE, selector: ({ id }) => id }), (facts) => {
      const atOnce = withEvidence([], facts);
      const oneByOne = facts
        .toReversed()
        .reduce<readonly Evidence[]>((known, added) => withEvidence(known, [added, added]), []);
      expect(oneByOne).toEqual(atOnce);
      expect(withEvidence(atOnce, facts)).toBe(atOnce);
    }),
  );
});

test('withEvidence keeps the newest facts, oldest first', () => {
  const facts = Array.from({ length: MAX_EVIDENCE + 1 }, (_, ago) => anEvidence('rotation-failed', ago));
  const kept = withEvidence([], facts);
  expect(kept).toHaveLength(MAX_EVIDENCE);
  expect(kept).not.toContain(facts.at(-1));
  expect(kept.at(-1)).toBe(facts[0]);
});

test('withEvidence keeps what is still to be given to a version before newer changes, and no more than fit', () => {
  const changes = Array.from({ length: 60 }, (_, ago) =>
    anEvidence('secret-changed', ago, { id: `change-${ago}`, operation: 'UpdateSecret' }),
  );
  const failures = (count: number) =>
    Array.from({ length: count }, (_, ago): Evidence => {
      const { versionId: _unreadable, ...fact } = anEvidence('rotation-failed', DAY + ago);
      return fact;
    });
  const few = withEvidence(changes, failures(5));
  expect(few).toHaveLength(MAX_EVIDENCE);
  expect(few.filter(({ kind }) => kind === 'rotation-failed')).toHaveLength(5);
  const many = withEvidence(changes, failures(90));
  expect(many).toHaveLength(MAX_EVIDENCE);
  expect(many.filter(({ kind }) => kind === 'secret-changed')).toEqual([changes[1], changes[0]]);
});

const namingNone = ({ versionId: _, ...fact }: Evidence): Evidence => fact;

const put = { operation: 'PutSecretValue' };
const staged = { ...put, makesPending: true };

test.each<[string, Partial<Evidence>, (fact: Evidence) => Evidence]>([
  [
    'a value that is staged',
    staged,
    (fact) => ({ ...fact, ...put, makesPending: false, makesCurrent: true }),
  ],
  ['a value that is staged, too,', staged, (fact) => ({ ...fact, ...put, makesPending: false })],
  ['a rotation that names its version', { operation: 'RotateSecret' }, namingNone],
])('%s outlasts any number of calls that say less', (_what, given, saysLess) => {
  const said = anEvidence('secret-changed', HOUR, given);
  const flood = Array.from({ length: 60 }, (_, ago) =>
    saysLess(anEvidence('secret-changed', ago, { ...given, id: `flood-${ago}` })),
  );
  expect(withEvidence([said], flood)).toContain(said);
});

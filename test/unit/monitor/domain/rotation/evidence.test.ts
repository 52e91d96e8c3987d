import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY } from '../../../../../src/calendar/instant.ts';
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

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../../src/calendar/instant.ts';
import {
  brokenFunction,
  functionEvidence,
} from '../../../../../src/monitor/domain/detect/broken-function.ts';
import { type Evidence, withEvidence } from '../../../../../src/monitor/domain/rotation/evidence.ts';
import { aPending, aSecret, facts, NOW, PENDING, PREVIOUS } from '../../../../support/builders.ts';
import { anInspection, FUNCTION, GONE } from '../../../../support/inspections.ts';

const BARRED = anInspection({ grants: [] });
const BLIND = anInspection({ grants: undefined });
const SECRET = aSecret();

const inspected = (known: readonly Evidence[], inspection: typeof GONE): readonly Evidence[] => {
  const fact = functionEvidence(known, { inspection, secret: SECRET, versionId: PENDING });
  return withEvidence(known, fact === undefined ? [] : [fact]);
};
const judged = (evidence: readonly Evidence[]) =>
  brokenFunction(facts({ pending: aPending(HOUR), evidence }));

describe('what inspections say about the function of a pending version', () => {
  test('is remembered once, however often it is seen', () => {
    const once = inspected([], GONE);
    expect(once).toEqual([
      {
        id: `function-gone:${PENDING}:${NOW}`,
        kind: 'function-gone',
        at: NOW,
        versionId: PENDING,
        functionArn: FUNCTION,
      },
    ]);
    expect(inspected(once, { ...GONE, at: later(NOW, MINUTE) })).toBe(once);
    expect(judged(once)).toBe('gone');
  });

  test('is not taken back by an inspection that could not see', () => {
    const known = inspected([], BARRED);
    expect(judged(known)).toBe('not-invocable');
    expect(inspected(known, { ...BLIND, at: later(NOW, MINUTE) })).toBe(known);
  });

  test('ends when the function is whole again, and begins anew', () => {
    const whole = inspected(inspected([], GONE), anInspection({ at: later(NOW, MINUTE) }));
    expect(judged(whole)).toBeUndefined();
    const again = inspected(whole, { ...BARRED, at: later(NOW, 2 * MINUTE) });
    expect(judged(again)).toBe('not-invocable');
  });

  test('is nothing for a healthy function', () => {
    expect(inspected([], anInspection())).toEqual([]);
  });

  test('says nothing about another version or another function', () => {
    const evidence = inspected([], GONE);
    expect(
      brokenFunction(facts({ pending: aPending(HOUR, { versionId: PREVIOUS }), evidence })),
    ).toBeUndefined();
    const secret = { rotationFunctionArn: `${FUNCTION}-2` };
    expect(brokenFunction(facts({ pending: aPending(HOUR), evidence, secret }))).toBeUndefined();
    expect(brokenFunction(facts({ evidence }))).toBeUndefined();
  });

  test('is after any inspections what the last that could see has seen', () => {
    const seen = { gone: GONE, 'not-invocable': BARRED, whole: anInspection(), unknown: BLIND } as const;
    const verdicts = fc.array(fc.constantFrom('gone', 'not-invocable', 'whole', 'unknown'), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(verdicts, (drawn) => {
        const evidence = drawn.reduce<readonly Evidence[]>(
          (known, verdict, index) => inspected(known, { ...seen[verdict], at: later(NOW, index * MINUTE) }),
          [],
        );
        const last = drawn.findLast((verdict) => verdict !== 'unknown');
        expect(judged(evidence)).toBe(last === 'whole' ? undefined : last);
      }),
    );
  });
});

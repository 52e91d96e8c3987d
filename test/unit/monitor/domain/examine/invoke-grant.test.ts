import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type InvokeGrant, mayInvoke } from '../../../../../src/monitor/domain/examine/invoke-grant.ts';
import { aSecret } from '../../../../support/builders.ts';
import { aGrant } from '../../../../support/inspections.ts';

const SECRET = aSecret();

describe('mayInvoke()', () => {
  test.each<readonly [string, readonly InvokeGrant[], 'yes' | 'no' | 'unknown']>([
    ['no policy', [], 'no'],
    ['a permission without conditions', [aGrant()], 'yes'],
    ['a permission for the account', [aGrant({ sourceAccounts: ['111122223333'] })], 'yes'],
    ['a permission for another account', [aGrant({ sourceAccounts: ['444455556666'] })], 'no'],
    ['a permission for the secret', [aGrant({ sourceArns: [SECRET.arn] })], 'yes'],
    ['a permission for secrets like it', [aGrant({ sourceArns: ['arn:*:secret:prod/orders/*'] })], 'yes'],
    [
      'a permission for the secret before it was made anew',
      [aGrant({ sourceArns: [`${SECRET.arn.slice(0, -6)}XxXxXx`] })],
      'no',
    ],
    ['a permission for one of several', [aGrant({ sourceArns: ['arn:other', SECRET.arn] })], 'yes'],
    ['a permission with a condition that is not understood', [aGrant({ isConditional: true })], 'unknown'],
    ['a clear permission beside an unclear one', [aGrant({ isConditional: true }), aGrant()], 'yes'],
    ['a denial', [aGrant(), aGrant({ effect: 'deny' })], 'no'],
    [
      'a denial for another account',
      [aGrant(), aGrant({ effect: 'deny', sourceAccounts: ['444455556666'] })],
      'yes',
    ],
    ['an unclear denial', [aGrant(), aGrant({ effect: 'deny', isConditional: true })], 'unknown'],
  ])('%s means %3$s', (_what, grants, expected) => {
    expect(mayInvoke(grants, SECRET)).toBe(expected);
  });

  const character = fc.constantFrom('a', 'b', ':', '/');

  test('a pattern made of the ARN with parts replaced by wildcards fits', () => {
    const parts = fc.array(
      fc.tuple(fc.string({ unit: character, maxLength: 6 }), fc.constantFrom('keep', '*', '?')),
    );
    fc.assert(
      fc.property(parts, (drawn) => {
        const text = drawn.map(([part]) => part).join('');
        const pattern = drawn
          .map(([part, how]) => (how === 'keep' ? part : how === '*' ? '*' : '?'.repeat(part.length)))
          .join('');
        const secret = { ...SECRET, arn: text as typeof SECRET.arn };
        expect(mayInvoke([aGrant({ sourceArns: [pattern] })], secret)).toBe('yes');
      }),
    );
  });

  test('a pattern is understood as a regular expression of the same meaning is', () => {
    const any = fc.string({ unit: character, maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', ':', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(any, pattern, (text, drawn) => {
        const expected = new RegExp(`^${drawn.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text);
        const secret = { ...SECRET, arn: text as typeof SECRET.arn };
        expect(mayInvoke([aGrant({ sourceArns: [drawn] })], secret)).toBe(expected ? 'yes' : 'no');
      }),
    );
  });

  test('a hostile pattern does not keep it busy', () => {
    const arn = 'a'.repeat(2000) as typeof SECRET.arn;
    const grant = aGrant({ sourceArns: [`${'*a'.repeat(1000)}b`] });
    expect(mayInvoke([grant], { ...SECRET, arn })).toBe('no');
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arnHash } from '../../../../src/monitor/domain/arn-hash.ts';

/** FNV-1a as its authors write it. */
function fnv1a(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let index = 0; index < text.length; index++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(index))) * 0x100000001b3n);
  }
  return hash.toString(36);
}

test('arnHash is 64-bit FNV-1a of any text, in base 36', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => arnHash(text) === fnv1a(text)));
});

test('arnHash of nothing is the offset basis', () => {
  expect(arnHash('')).toBe(0xcbf29ce484222325n.toString(36));
});

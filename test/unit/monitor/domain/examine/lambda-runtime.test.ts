import { expect, test } from 'vitest';
import { later } from '../../../../../src/calendar/instant.ts';
import { endOfSupport } from '../../../../../src/monitor/domain/examine/function-inspection.ts';
import { at } from '../../../../support/builders.ts';

const ENDS = at('2025-12-15T00:00:00Z');

test('a runtime is past its end from that day on', () => {
  expect(endOfSupport('python3.9', later(ENDS, -1))).toBeUndefined();
  expect(endOfSupport('python3.9', ENDS)).toBe('2025-12-15');
});

test.each(['python9.9', 'provided.al2023', '__proto__', ''])('of "%s" no end is known', (runtime) => {
  expect(endOfSupport(runtime, at('2099-01-01T00:00:00Z'))).toBeUndefined();
});

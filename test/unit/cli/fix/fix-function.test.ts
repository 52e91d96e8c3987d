import { expect, test } from 'vitest';
import { repairOrder } from '../../../../src/cli/fix/fix-function.ts';
import type { Severity } from '../../../../src/monitor/domain/finding/finding.ts';

const repair = (name: string, severity: Severity) => ({ name, view: { findings: [{ severity }] } });

test('one of the lowest severity is the trial, then the gravest come first', () => {
  const repairs = [
    repair('a', 'HIGH'),
    repair('b', 'LOW'),
    repair('c', 'CRITICAL'),
    repair('d', 'LOW'),
    repair('e', 'HIGH'),
  ];
  expect(repairOrder(repairs).map(({ name }) => name)).toEqual(['d', 'c', 'a', 'e', 'b']);
});

test('nothing has no order, and one is its own trial', () => {
  expect(repairOrder([])).toEqual([]);
  expect(repairOrder([repair('a', 'HIGH')])).toHaveLength(1);
});

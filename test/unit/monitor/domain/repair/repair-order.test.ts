import { expect, test } from 'vitest';
import type { Severity } from '../../../../../src/monitor/domain/finding/finding.ts';
import { repairOrder } from '../../../../../src/monitor/domain/repair/repair-order.ts';

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

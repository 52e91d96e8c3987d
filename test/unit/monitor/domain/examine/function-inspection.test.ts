import { expect, test } from 'vitest';
import { functionVerdict } from '../../../../../src/monitor/domain/examine/function-inspection.ts';
import { aSecret } from '../../../../support/builders.ts';
import { aGrant, anInspection, GONE } from '../../../../support/inspections.ts';

test.each([
  ['gone', GONE],
  ['not-invocable', anInspection({ grants: [] })],
  ['not-invocable', anInspection({ grants: [aGrant({ sourceAccounts: ['444455556666'] })] })],
  ['whole', anInspection()],
  ['whole', anInspection({ configuration: undefined })],
  ['unknown', anInspection({ grants: undefined })],
  ['unknown', anInspection({ grants: [aGrant({ isConditional: true })] })],
  ['unknown', anInspection({ exists: undefined, grants: [] })],
] as const)('the verdict is %s for %j', (verdict, inspection) => {
  expect(functionVerdict(inspection, aSecret())).toBe(verdict);
});

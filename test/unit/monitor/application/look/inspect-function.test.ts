import { expect, test } from 'vitest';
import { HOUR, later } from '../../../../../src/calendar/instant.ts';
import { memoryFunctionInspector } from '../../../../../src/monitor/adapters/memory/memory-function-inspector.ts';
import { inspectFunction } from '../../../../../src/monitor/application/look/examiner.ts';
import {
  type FunctionInspector,
  FunctionInspectorError,
} from '../../../../../src/monitor/ports/look/function-inspector.ts';
import { NOW } from '../../../../support/builders.ts';
import { aFunction, anInspection, FUNCTION, GONE } from '../../../../support/inspections.ts';

const SPAN = { from: later(NOW, -HOUR), until: NOW };
const inspected = (inspector: FunctionInspector) =>
  inspectFunction(inspector, { functionArn: FUNCTION, now: NOW, span: SPAN });
const refused = async (): Promise<never> => {
  throw new FunctionInspectorError('Cannot inspect', { reason: 'denied', retryable: false });
};

test('a function is looked at from all sides', async () => {
  const inspector = memoryFunctionInspector();
  inspector.put(FUNCTION, aFunction());
  expect(await inspected(inspector)).toEqual(anInspection());
});

test('of a function that is gone nothing more is asked', async () => {
  const inspector = memoryFunctionInspector();
  expect(await inspected(inspector)).toEqual(GONE);
  expect(inspector.asked).toEqual([`configuration ${FUNCTION}`]);
});

test.each([
  ['configuration', 'lambda:GetFunctionConfiguration', { exists: undefined, configuration: undefined }],
  ['grants', 'lambda:GetPolicy', { grants: undefined }],
  ['reservedConcurrency', 'lambda:GetFunctionConcurrency', { reservedConcurrency: undefined }],
  ['activity', 'cloudwatch:GetMetricData', { activity: undefined }],
] as const)('without %s the rest is seen, and %s is named', async (question, permission, missing) => {
  const inspector = memoryFunctionInspector();
  inspector.put(FUNCTION, aFunction());
  const unseen = [{ permission, reason: 'denied' }];
  expect(await inspected({ ...inspector, [question]: refused })).toEqual(
    anInspection({ ...missing, unseen }),
  );
});

test('where nobody answers no further question is asked', async () => {
  const inspector = memoryFunctionInspector();
  const silent = async (): Promise<never> => {
    throw new FunctionInspectorError('Cannot inspect', { reason: 'timeout', retryable: true });
  };
  const { exists, unseen } = await inspected({ ...inspector, configuration: silent });
  expect(exists).toBeUndefined();
  expect(unseen).toEqual([{ permission: 'lambda:GetFunctionConfiguration', reason: 'timeout' }]);
  expect(inspector.asked).toEqual([]);
});

test('a mistake of ours is not hidden', async () => {
  const mistaken = async (): Promise<never> => {
    throw new TypeError('broken');
  };
  await expect(inspected({ ...memoryFunctionInspector(), configuration: mistaken })).rejects.toThrow(
    TypeError,
  );
});

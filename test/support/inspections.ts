import fc from 'fast-check';
import { HOUR, later } from '../../src/calendar/instant.ts';
import type { MemoryFunction } from '../../src/monitor/adapters/memory/memory-function-inspector.ts';
import type { Examination } from '../../src/monitor/domain/examine/examination.ts';
import type { FunctionInspection } from '../../src/monitor/domain/examine/function-inspection.ts';
import type { InvokeGrant } from '../../src/monitor/domain/examine/invoke-grant.ts';
import type { RecordedCall } from '../../src/monitor/domain/finding/change.ts';
import { NOW } from './builders.ts';

/** The rotation function of `aSecret`. */
export const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:rotate-orders-db';

/** Lets Secrets Manager invoke a function without any condition. */
export const aGrant = (given: Partial<InvokeGrant> = {}): InvokeGrant => ({
  effect: 'allow',
  sourceAccounts: undefined,
  sourceArns: undefined,
  isConditional: false,
  ...given,
});

const CONFIGURATION: FunctionInspection['configuration'] = {
  state: 'Active',
  stateReasonCode: undefined,
  runtime: 'python3.13',
  timeoutSeconds: 30,
  roleName: 'rotate-orders-db',
  logGroup: '/orders/rotation',
};

/** A look at a healthy function. */
export const anInspection = (given: Partial<FunctionInspection> = {}): FunctionInspection => ({
  functionArn: FUNCTION,
  at: NOW,
  exists: true,
  configuration: CONFIGURATION,
  grants: [aGrant()],
  reservedConcurrency: 'none',
  activity: {
    span: { from: later(NOW, -HOUR), until: NOW },
    invocations: 4,
    errors: 0,
    throttles: 0,
    longestMs: 1200,
  },
  unseen: [],
  ...given,
});

/** A look at a function that is not there. */
export const GONE: FunctionInspection = anInspection({
  exists: false,
  configuration: undefined,
  grants: undefined,
  reservedConcurrency: undefined,
  activity: undefined,
});

/** A healthy function for the memory inspector. */
export const aFunction = (given: Partial<MemoryFunction> = {}): MemoryFunction => ({
  configuration: CONFIGURATION,
  grants: [aGrant()],
  reservedConcurrency: 'none',
  activity: { invocations: 4, errors: 0, throttles: 0, longestMs: 1200 },
  ...given,
});

/** Somebody deployed other code, an hour ago. */
export const aCall = (given: Partial<RecordedCall> = {}): RecordedCall => ({
  id: 'call-1',
  at: later(NOW, -HOUR),
  source: 'lambda.amazonaws.com',
  operation: 'UpdateFunctionCode',
  actor: 'arn:aws:sts::111122223333:assumed-role/deployer/alex',
  ...given,
});

/** A closer look of which nothing is known yet. */
export const anExamination = (given: Partial<Examination> = {}): Examination => ({
  inspection: anInspection(),
  changes: [],
  changesUnseen: undefined,
  ...given,
});

/** Any closer look at the function of `aSecret`. */
export const anyExamination: fc.Arbitrary<Examination> = fc
  .record({
    inspection: fc.constantFrom(
      undefined,
      GONE,
      anInspection(),
      anInspection({ grants: [] }),
      anInspection({ grants: undefined, unseen: [{ permission: 'lambda:GetPolicy', reason: 'denied' }] }),
      anInspection({ reservedConcurrency: 0 }),
    ),
    runtime: fc.constantFrom('python3.9', 'python3.13', undefined),
    longestMs: fc.constantFrom(undefined, 10, 30_000),
    changes: fc.constantFrom(
      undefined,
      [],
      [{ at: NOW, who: 'arn:aws:iam::111122223333:user/alex', what: 'deleted the rotation function' }],
    ),
    changesUnseen: fc.constantFrom(undefined, { permission: 'cloudtrail:LookupEvents', reason: 'throttled' }),
  })
  .map(({ inspection, runtime, longestMs, ...rest }) => ({
    ...rest,
    inspection: inspection && {
      ...inspection,
      configuration: inspection.configuration && { ...inspection.configuration, runtime },
      activity: inspection.activity && { ...inspection.activity, longestMs },
    },
  }));

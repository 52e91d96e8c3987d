import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import type { FunctionInspector } from '../../src/monitor/ports/look/function-inspector.ts';
import { NOW } from '../support/builders.ts';

/** A function that the suite looks at. */
export const LOOKED_AT = 'arn:aws:lambda:eu-west-1:111122223333:function:rotate';

/** The condition of the function. */
export interface Condition {
  readonly runtime?: string;
  readonly timeoutSeconds?: number;
  readonly reservedConcurrency?: number;
  readonly isClosed?: boolean;
  readonly isGone?: boolean;
  /** Invocations that failed within the last minutes, beside one that did not. */
  readonly errors?: number;
}

/** Tests what every function inspector has to do; `open` gives one that sees a function in this condition at NOW. */
export function functionInspectorContract(open: (condition: Condition) => Promise<FunctionInspector>): void {
  test('a function is seen with what a rotation depends on', async () => {
    const inspector = await open({ runtime: 'python3.9', timeoutSeconds: 12 });
    expect(await inspector.configuration(LOOKED_AT)).toEqual({
      state: 'Active',
      stateReasonCode: undefined,
      runtime: 'python3.9',
      timeoutSeconds: 12,
      roleName: 'rotate',
      logGroup: '/aws/lambda/rotate',
    });
  });

  test('a function that is gone has no configuration', async () => {
    expect(await (await open({ isGone: true })).configuration(LOOKED_AT)).toBeUndefined();
  });

  test('the permission of Secrets Manager is seen, and that it is missing', async () => {
    const grants = await (await open({})).grants(LOOKED_AT);
    expect(grants).toMatchObject([{ effect: 'allow', isConditional: false }]);
    expect(await (await open({ isClosed: true })).grants(LOOKED_AT)).toEqual([]);
  });

  test('concurrency of its own is distinguished from none', async () => {
    expect(await (await open({})).reservedConcurrency(LOOKED_AT)).toBe('none');
    expect(await (await open({ reservedConcurrency: 0 })).reservedConcurrency(LOOKED_AT)).toBe(0);
    expect(await (await open({ reservedConcurrency: 7 })).reservedConcurrency(LOOKED_AT)).toBe(7);
  });

  test('what was counted is added up', async () => {
    const span = { from: later(NOW, -HOUR), until: later(NOW, MINUTE) };
    const activity = await (await open({ errors: 2 })).activity(LOOKED_AT, span);
    expect(activity).toMatchObject({ span, invocations: 3, errors: 2, throttles: 0 });
    expect(activity.longestMs).toBeGreaterThan(0);
  });

  test('of a function that nobody invoked nothing was counted', async () => {
    const span = { from: later(NOW, -HOUR), until: NOW };
    expect(await (await open({})).activity(LOOKED_AT, span)).toEqual({
      span,
      invocations: 0,
      errors: 0,
      throttles: 0,
      longestMs: undefined,
    });
  });
}

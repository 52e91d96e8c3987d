import { expect, test } from 'vitest';
import { later, MINUTE } from '../../../../src/calendar/instant.ts';
import { openAccount } from '../open-account.ts';

test('invoke hands the event and a context to the function and answers its result', async () => {
  const { functions } = openAccount();
  const arn = functions.register('double', (event, context) => [
    event,
    context.functionName,
    context.invokedFunctionArn,
  ]);
  expect(arn).toBe('arn:aws:lambda:eu-west-1:111122223333:function:double');
  await expect(functions.invoke('double', 2)).resolves.toEqual([2, 'double', arn]);
  await expect(functions.invoke(`${arn}:live`, 3)).resolves.toEqual([3, 'double', arn]);
});

test('invoke fails as the function fails, and the failure is counted', async () => {
  const { functions } = openAccount();
  const error = new Error('broken');
  functions.register('f', () => {
    throw error;
  });
  await expect(functions.invoke('f', {})).rejects.toBe(error);
  expect(functions.stats('f')).toEqual({ invocations: 1, errors: 1, lastError: error });
});

test('an unknown function is not found', async () => {
  const { functions } = openAccount();
  expect(functions.has('none')).toBe(false);
  await expect(functions.invoke('none', {})).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    status: 404,
    message: 'Function not found: arn:aws:lambda:eu-west-1:111122223333:function:none',
  });
});

test('invokeLater runs at the present time and again 1 and 2 minutes after failures', async () => {
  const { functions, clock } = openAccount();
  const start = clock.now();
  const times: number[] = [];
  functions.register('f', () => {
    times.push(clock.now() - start);
    throw new Error('broken');
  });
  functions.invokeLater('f', {});
  expect(times).toEqual([]);
  await clock.advance(60 * MINUTE);
  expect(times).toEqual([0, MINUTE, 3 * MINUTE]);
  expect(functions.stats('f')).toMatchObject({ invocations: 3, errors: 3 });
});

test('invokeLater makes as many further attempts as the function asks for', async () => {
  const { functions, clock } = openAccount();
  const broken = (): never => {
    throw new Error('broken');
  };
  functions.register('none', broken, { retryAttempts: 0 });
  let calls = 0;
  functions.register('heals', () => {
    calls += 1;
    if (calls === 1) throw new Error('broken');
  });
  functions.invokeLater('none', {});
  functions.invokeLater('heals', {});
  functions.invokeLater('unknown', {});
  await clock.advance(60 * MINUTE);
  expect(functions.stats('none').invocations).toBe(1);
  expect(functions.stats('heals')).toMatchObject({ invocations: 2, errors: 1 });
  expect(functions.names()).toEqual(['none', 'heals']);
});

test('an invocation knows how much time it has left', async () => {
  const { functions, clock } = openAccount();
  const left: number[] = [];
  functions.register('f', (_event, context) => {
    left.push(context.getRemainingTimeInMillis());
    clock.elapse(4 * MINUTE);
    left.push(context.getRemainingTimeInMillis());
    clock.elapse(12 * MINUTE);
    left.push(context.getRemainingTimeInMillis());
  });
  await functions.invoke('f', {});
  expect(left).toEqual([15 * MINUTE, 11 * MINUTE, 0]);
});

test('what is due while a function works runs after it', async () => {
  const { functions, clock } = openAccount();
  const start = clock.now();
  const seen: string[] = [];
  functions.register('f', () => {
    clock.elapse(10 * MINUTE);
    seen.push('done');
  });
  functions.invokeLater('f', {});
  clock.schedule(later(start, 5 * MINUTE), () => void seen.push(`due at ${clock.now() - start}`));
  await clock.advance(20 * MINUTE);
  expect(seen).toEqual(['done', `due at ${10 * MINUTE}`]);
  expect(clock.now() - start).toBe(20 * MINUTE);
});

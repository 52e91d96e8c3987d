import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { presentRun } from '../../../../src/simulator/lambda/function-run.ts';
import { aSimulator, sdk } from '../../../support/simulated.ts';

/** Resolves when all code that goes on by itself has come to its end. */
const rest = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
};

test('outside of functions there is no run', () => {
  expect(presentRun()).toBeUndefined();
});

test('code does not know its run while nobody traces runs, as it costs much of the time of everything that waits', async () => {
  const simulator = aSimulator();
  simulator.functions.register('worker', () => presentRun());
  await expect(simulator.functions.invoke('worker', {})).resolves.toBeUndefined();
  simulator.traceRuns();
  await expect(simulator.functions.invoke('worker', {})).resolves.toBeDefined();
  await simulator.close();
  await expect(simulator.functions.invoke('worker', {})).resolves.toBeUndefined();
});

test('runs are traced until the last simulator that wants it is closed', async () => {
  const [first, last] = [aSimulator(), aSimulator()];
  first.traceRuns();
  last.traceRuns();
  await first.close();
  last.functions.register('worker', () => presentRun());
  await expect(last.functions.invoke('worker', {})).resolves.toBeDefined();
});

test('code knows its own run, however many calls and functions lie between', async () => {
  const simulator = aSimulator();
  simulator.traceRuns();
  const sqs = new SQSClient(sdk(simulator, 'inner'));
  const runs: unknown[] = [];
  simulator.functions.register('inner', async () => {
    runs.push(presentRun());
    await sqs.send(new ListQueuesCommand({}));
    runs.push(presentRun());
  });
  simulator.functions.register('outer', async () => {
    runs.push(presentRun());
    await simulator.functions.invoke('inner', {});
    runs.push(presentRun());
  });
  await simulator.functions.invoke('outer', {});
  const [outer, inner, ...after] = runs;
  expect(outer).not.toBe(inner);
  expect(after[0]).toBe(inner);
  expect(after[1]).toBe(outer);
});

test('a killed run makes no further call, though it had several under way; other runs go on', async () => {
  const simulator = aSimulator();
  simulator.traceRuns();
  const sqs = new SQSClient(sdk(simulator, 'worker'));
  const calls: string[] = [];
  const work = async (name: string): Promise<void> => {
    for (let call = 1; call <= 3; call++) {
      await sqs.send(new ListQueuesCommand({}));
      calls.push(`${name} ${call}`);
      if (name === 'doomed') presentRun()?.kill();
    }
  };
  simulator.functions.register('worker', (names) => Promise.all((names as string[]).map(work)));
  const doomed = simulator.functions.invoke('worker', ['doomed', 'beside']);
  const other = simulator.functions.invoke('worker', ['other']);
  await expect(doomed).rejects.toThrow('The run of worker was killed');
  await other;
  await rest();
  expect(calls.filter((call) => !call.startsWith('other'))).not.toContain('beside 2');
  expect(calls).not.toContain('doomed 2');
  expect(calls.filter((call) => call.startsWith('other'))).toEqual(['other 1', 'other 2', 'other 3']);
  expect(simulator.functions.stats('worker')).toMatchObject({ invocations: 2, errors: 1 });
});

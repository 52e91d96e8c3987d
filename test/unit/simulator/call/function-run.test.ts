import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import type { FunctionRun } from '../../../../src/simulator/call/function-run.ts';
import { aSimulator, sdk, type TestSimulator } from '../../../support/simulated.ts';

/** Resolves when all code that goes on by itself has come to its end. */
const rest = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** A client whose calls are those of a run. */
const clientOf = (simulator: TestSimulator, role: string, run?: FunctionRun): SQSClient =>
  new SQSClient({ ...sdk(simulator, role), requestHandler: simulator.requestHandler(role, () => run) });

/** The runs of the calls that are made from now on. */
function runsOfCalls(simulator: TestSimulator): readonly (FunctionRun | undefined)[] {
  const runs: (FunctionRun | undefined)[] = [];
  simulator.faults.before(({ run }) => void runs.push(run));
  return runs;
}

test('a call outside of functions has no run', async () => {
  const simulator = aSimulator();
  const runs = runsOfCalls(simulator);
  await clientOf(simulator, 'operator').send(new ListQueuesCommand({}));
  expect(runs).toEqual([undefined]);
});

test('a call is that of its run, however many calls and functions lie between', async () => {
  const simulator = aSimulator();
  const runs = runsOfCalls(simulator);
  const own: FunctionRun[] = [];
  simulator.functions.register('inner', async (_event, _context, run) => {
    own.push(run);
    await clientOf(simulator, 'inner', run).send(new ListQueuesCommand({}));
  });
  simulator.functions.register('outer', async (_event, _context, run) => {
    own.push(run);
    const sqs = clientOf(simulator, 'outer', run);
    await sqs.send(new ListQueuesCommand({}));
    await simulator.functions.invoke('inner', {});
    await sqs.send(new ListQueuesCommand({}));
  });
  await simulator.functions.invoke('outer', {});
  const [outer, inner] = own;
  expect(outer).not.toBe(inner);
  expect(runs).toHaveLength(3);
  expect(runs[0]).toBe(outer);
  expect(runs[1]).toBe(inner);
  expect(runs[2]).toBe(outer);
});

test('a killed run makes no further call, though it had several under way; other runs go on', async () => {
  const simulator = aSimulator();
  const calls: string[] = [];
  simulator.functions.register('worker', (names, _context, run) => {
    const sqs = clientOf(simulator, 'worker', run);
    const work = async (name: string): Promise<void> => {
      for (let call = 1; call <= 3; call++) {
        await sqs.send(new ListQueuesCommand({}));
        calls.push(`${name} ${call}`);
        if (name === 'doomed') run.kill();
      }
    };
    return Promise.all((names as string[]).map(work));
  });
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

test('code that throws at once fails its run, and a kill that comes later changes nothing', async () => {
  const simulator = aSimulator();
  simulator.functions.register('worker', (_event, _context, run) => {
    setImmediate(() => run.kill());
    throw new Error('thrown at once');
  });
  await expect(simulator.functions.invoke('worker', {})).rejects.toThrow('thrown at once');
  await rest();
});

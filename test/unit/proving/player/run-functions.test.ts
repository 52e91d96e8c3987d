import { expect, test } from 'vitest';
import { ofType } from '../../../../src/proving/player/deployed-resources.ts';
import { packedTemplate, planMonitor } from '../../../../src/proving/player/monitor.ts';
import { runFunction } from '../../../../src/proving/player/run-functions.ts';
import type { TemplateResource } from '../../../../src/proving/player/template.ts';
import type { FunctionRun } from '../../../../src/simulator/call/function-run.ts';
import { aSimulator, type TestSimulator } from '../../../support/simulated.ts';

/** One whose name does not end as the function that audits does. */
const MISNAMED = 'rotation-monitor-report';

function functionOf({ home }: TestSimulator, handler: string): TemplateResource {
  const { resources } = planMonitor(home, { template: packedTemplate('home') });
  const found = ofType(resources, 'AWS::Lambda::Function').find(
    ({ properties }) => properties['Handler'] === `${handler}.handler`,
  );
  if (found === undefined) throw new Error(`The template has no ${handler}`);
  return found;
}

test('a function has the service that its handler composes, and no other', async () => {
  const simulator = aSimulator();
  const audit = functionOf(simulator, 'audit');
  await runFunction(simulator, audit, { retryAttempts: 0 });
  const misnamed = { ...audit, properties: { ...audit.properties, FunctionName: MISNAMED } };
  await runFunction(simulator, misnamed, { retryAttempts: 0 });
  await expect(simulator.functions.invoke(MISNAMED, {})).rejects.toThrow('has to end in "audit"');
});

/** A function that has run once, and the runs of the calls that each of its execution environments made. */
async function warm() {
  const simulator = aSimulator();
  const environments: (FunctionRun | undefined)[][] = [];
  const resource = functionOf(simulator, 'deliver');
  const requestHandler: TestSimulator['requestHandler'] = (role, runOf = () => undefined) => {
    const runs: (FunctionRun | undefined)[] = [];
    environments.push(runs);
    const inner = simulator.requestHandler(role, runOf);
    const handle: typeof inner.handle = (...request) => {
      runs.push(runOf());
      return inner.handle(...request);
    };
    return { ...inner, handle };
  };
  await runFunction({ ...simulator, requestHandler }, resource, { retryAttempts: 0 });
  const name = String(resource.properties['FunctionName']);
  const invoke = () => simulator.functions.invoke(name, { Records: [] }).catch(String);
  await invoke();
  return { simulator, environments, invoke };
}

test('an environment serves one run after the other, and each call is that of its run', async () => {
  const { environments, invoke } = await warm();
  await invoke();
  const [runs = []] = environments;
  expect(environments).toHaveLength(1);
  expect(new Set(runs).size).toBe(2);
  expect(runs).not.toContain(undefined);
});

test('runs at the same time have environments of their own', async () => {
  const { environments, invoke } = await warm();
  await Promise.all([invoke(), invoke()]);
  const [first = [], second = []] = environments;
  expect(environments).toHaveLength(2);
  expect(first.filter((run) => second.includes(run))).toEqual([]);
});

test('the environment of a killed run serves no other', async () => {
  const { simulator, environments, invoke } = await warm();
  const spare = simulator.faults.before(({ run }) => {
    run?.kill();
    return new Promise<void>(() => undefined);
  });
  expect(await invoke()).toContain('was killed');
  spare();
  await invoke();
  await invoke();
  expect(environments).toHaveLength(2);
});

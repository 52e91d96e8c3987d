import { expect, test } from 'vitest';
import { faultOf } from '../../../src/cli/run.ts';
import { CliError } from '../../../src/cli/terminal/cli-error.ts';
import { readConfig } from '../../../src/monitor/config/read-config.ts';
import { readScenario } from '../../../src/proving/scenario/read-scenario.ts';

const COMMAND = 'rotation-monitor simulate';

const thrownBy = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};

test('faultOf hands on the parts of a CliError', () => {
  const parts = { what: 'w', details: ['d'], solve: ['s'], example: 'e' };
  expect(faultOf(new CliError(parts), COMMAND)).toBe(parts);
});

test('faultOf reports every fault of the settings', () => {
  const fault = faultOf(
    thrownBy(() => readConfig({ ROTATION_MONITOR_STUCK_AFTER: 'soon' })),
    COMMAND,
  );
  expect(fault).toMatchObject({ what: 'Cannot use the settings' });
  expect(fault?.details).toContainEqual(expect.stringContaining('ROTATION_MONITOR_STUCK_AFTER: expected'));
  expect(fault?.details).toContainEqual(expect.stringContaining('ROTATION_MONITOR_REGION: expected'));
});

test('faultOf reports every fault of a scenario', () => {
  const fault = faultOf(
    thrownBy(() => readScenario('{"days":"x"}')),
    COMMAND,
  );
  expect(fault).toMatchObject({
    what: 'Cannot use the scenario',
    solve: [expect.stringContaining('docs/scenarios.md')],
  });
  expect(fault?.details.length).toBeGreaterThan(1);
});

test('faultOf explains what the system refuses', () => {
  const taken = Object.assign(new Error('listen EADDRINUSE 127.0.0.1:1'), { code: 'EADDRINUSE' });
  expect(faultOf(taken, COMMAND)).toMatchObject({
    details: [taken.message],
    example: 'rotation-monitor simulate --port 0',
  });
});

test('faultOf gives an example of the command that was typed', () => {
  const missing = Object.assign(new Error('ENOENT: plan.json'), { code: 'ENOENT' });
  expect(faultOf(missing, 'rotation-monitor fix')).toMatchObject({ example: 'rotation-monitor fix --help' });
  const wrong = thrownBy(() => readScenario('{}'));
  expect(faultOf(wrong, 'rotation-monitor drill')).toMatchObject({
    example: 'rotation-monitor drill --help',
  });
});

test('faultOf knows nothing about mistakes of the program', () => {
  expect(faultOf(new TypeError('x is not a function'), COMMAND)).toBeUndefined();
  expect(faultOf(Object.assign(new Error('?'), { code: 'E_NEW' }), COMMAND)).toBeUndefined();
  expect(faultOf('thrown text', COMMAND)).toBeUndefined();
});

import { expect, test } from 'vitest';
import { DAY, later, MINUTE } from '../../../../src/calendar/instant.ts';
import { prepare, setBehaviour } from '../../../../src/proving/scenario/prepare.ts';
import { checkScenario } from '../../../../src/proving/scenario/read-scenario.ts';
import { NOW } from '../../../support/builders.ts';
import { aSimulator } from '../../../support/simulated.ts';

/** A scenario with one secret that is in the simulator, and a version put into it a moment ago. */
async function prepared(given: { readonly faults?: object; readonly code?: object }) {
  const simulator = aSimulator();
  const file = {
    name: 'prepared',
    start: '2026-03-02T00:00:00Z',
    days: 1,
    seed: 1,
    functions: [{ name: 'rotate', behaviour: 'healthy', ...given.code }],
    secrets: [{ name: 'app/db', kind: 'function', function: 'rotate', schedule: 'rate(30 days)' }],
    faults: given.faults ?? {},
  };
  prepare(simulator, checkScenario(file));
  await simulator.clock.advanceTo(later(NOW, DAY));
  const call = (operation: string, input: Readonly<Record<string, unknown>> = {}) =>
    simulator.call('secretsmanager', operation, input, 'operator');
  return { simulator, call };
}

test('a function fails by its cause, which takes the place of its behaviour', async () => {
  const { simulator, call } = await prepared({ code: { cause: 'login-refused' } });
  await call('RotateSecret', { SecretId: 'app/db', ClientRequestToken: 'c'.repeat(32) });
  await simulator.clock.advance(20 * MINUTE);
  const failed = simulator.secretsManager.history('app/db').flatMap(({ failedStep }) => failedStep ?? []);
  expect(failed.slice(0, 2)).toEqual(['testSecret', 'setSecret']);
});

test('a cause that a timeline gives a function begins then', async () => {
  const { simulator, call } = await prepared({});
  setBehaviour(simulator, 'rotate', { behaviour: 'healthy', cause: 'database-away' });
  await call('RotateSecret', { SecretId: 'app/db', ClientRequestToken: 'c'.repeat(32) });
  await simulator.clock.advance(MINUTE);
  expect(simulator.secretsManager.history('app/db').at(-1)?.failedStep).toBe('setSecret');
});

test.each([
  ['describeStaleMax', 'DescribeSecret'],
  ['listStaleMax', 'ListSecrets'],
])('with %s %s may show what was there a moment ago, and without it never does', async (fault, operation) => {
  const shown = async (faults: object) => {
    const { call } = await prepared({ faults });
    await call('TagResource', { SecretId: 'app/db', Tags: [{ Key: 'new', Value: 'yes' }] });
    const input = operation === 'ListSecrets' ? {} : { SecretId: 'app/db' };
    return JSON.stringify(await call(operation, input)).includes('"new"');
  };
  expect(await shown({ [fault]: '5m' })).toBe(false);
  expect(await shown({})).toBe(true);
});

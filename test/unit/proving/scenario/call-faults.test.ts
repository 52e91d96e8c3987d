import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { troubleCalls } from '../../../../src/proving/drill/run-drill.ts';
import { checkScenario } from '../../../../src/proving/scenario/read-scenario.ts';
import { aSimulator, sdk } from '../../../support/simulated.ts';

const scenario = (faults: object) =>
  checkScenario({
    name: 'faults',
    start: '2026-03-02T00:00:00Z',
    days: 1,
    seed: 1,
    secrets: [{ name: 'app/db', kind: 'none' }],
    faults,
  });

test('a killed run fails where it stands, and its code never hears of it', async () => {
  const simulator = aSimulator();
  const reached: string[] = [];
  simulator.functions.register('sweep', async (_event, _context, run) => {
    const requestHandler = simulator.requestHandler('sweep', () => run);
    const client = new SecretsManagerClient({ ...sdk(simulator, 'sweep'), requestHandler });
    reached.push('before');
    await client.send(new ListSecretsCommand({})).catch(() => reached.push('caught'));
    reached.push('after');
  });
  troubleCalls(simulator, scenario({ kill: 1 }), ['sweep']);
  await expect(simulator.functions.invoke('sweep', {})).rejects.toThrow('The run of sweep was killed');
  expect(reached).toEqual(['before']);
  expect(simulator.functions.stats('sweep')).toMatchObject({ invocations: 1, errors: 1 });
});

test('calls of the monitor are throttled, those of others are not', async () => {
  const simulator = aSimulator();
  troubleCalls(simulator, scenario({ throttle: 1 }), ['sweep']);
  const list = (role: string) => simulator.call('secretsmanager', 'ListSecrets', {}, role);
  await expect(list('sweep')).rejects.toMatchObject({ code: 'ThrottlingException' });
  await expect(list('operator')).resolves.toMatchObject({ SecretList: [] });
});

test('without faults nothing happens to calls', async () => {
  const simulator = aSimulator();
  troubleCalls(simulator, scenario({}), ['sweep']);
  await expect(simulator.call('secretsmanager', 'ListSecrets', {}, 'sweep')).resolves.toBeDefined();
});

import { expect, test } from 'vitest';
import { ofType } from '../../../../src/proving/player/deployed-resources.ts';
import { packedTemplate, planMonitor } from '../../../../src/proving/player/monitor.ts';
import { runFunction } from '../../../../src/proving/player/run-functions.ts';
import { aSimulator } from '../../../support/simulated.ts';

/** One whose name does not end as the function that audits does. */
const MISNAMED = 'rotation-monitor-report';

test('a function has the service that its handler composes, and no other', async () => {
  const simulator = aSimulator();
  const { resources } = planMonitor(simulator.home, { template: packedTemplate('home') });
  const audit = ofType(resources, 'AWS::Lambda::Function').find(
    ({ properties }) => properties['Handler'] === 'audit.handler',
  );
  if (audit === undefined) throw new Error('The template has no audit');
  await runFunction(simulator, audit, { retryAttempts: 0 });
  const misnamed = { ...audit, properties: { ...audit.properties, FunctionName: MISNAMED } };
  await runFunction(simulator, misnamed, { retryAttempts: 0 });
  await expect(simulator.functions.invoke(MISNAMED, {})).rejects.toThrow('has to end in "audit"');
});

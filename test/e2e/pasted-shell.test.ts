import { expect, test } from 'vitest';
import { MINUTE } from '../../src/calendar/instant.ts';
import { aDeployment, rotatesWell } from '../support/deployed.ts';

test('what a shell says about endpoints does not reach clients that stay in the process', async () => {
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_DYNAMODB', 'AWS_ENDPOINT_URL_SECRETS_MANAGER']) {
    process.env[name] = 'http://127.0.0.1:9';
  }
  process.env['AWS_USE_FIPS_ENDPOINT'] = 'true';
  process.env['AWS_USE_DUALSTACK_ENDPOINT'] = 'true';
  const { simulator, deployment, errors } = await aDeployment(rotatesWell);
  await simulator.clock.advance(11 * MINUTE);
  expect(errors()).toBe(0);
  expect(deployment.sweeps()).toBeGreaterThan(1);
});

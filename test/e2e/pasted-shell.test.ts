import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { MINUTE } from '../../src/calendar/instant.ts';
import { join } from '../../src/monitor/compose/joints/joints.ts';
import { aDeployment, CONFIG, rotatesWell } from '../support/deployed.ts';
import { aSimulator } from '../support/simulated.ts';

/** Sets the variables of a shell in which lines of a simulator, or of an agency, were pasted. */
function paste(): void {
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_DYNAMODB', 'AWS_ENDPOINT_URL_SECRETS_MANAGER']) {
    process.env[name] = 'http://127.0.0.1:9/aws';
  }
  process.env['AWS_USE_FIPS_ENDPOINT'] = 'true';
  process.env['AWS_USE_DUALSTACK_ENDPOINT'] = 'true';
}

test('what a shell says about endpoints does not reach clients that stay in the process', async () => {
  paste();
  const { simulator, deployment, errors } = await aDeployment(rotatesWell);
  await simulator.clock.advance(11 * MINUTE);
  expect(errors()).toBe(0);
  expect(deployment.sweeps()).toBeGreaterThan(1);
});

test('such clients call the usual endpoints, whose paths the simulator knows', async () => {
  paste();
  const called: string[] = [];
  const { requestHandler } = aSimulator();
  const noting = (role: string) => {
    const inner = requestHandler(role);
    const handle: typeof inner.handle = (request, options) => {
      called.push(`${request.hostname}${request.path}`);
      return inner.handle(request, options);
    };
    return { ...inner, handle };
  };
  const { sdk } = join(CONFIG, { requestHandler: noting('sweep') });
  await new SchedulerClient(sdk).send(new ListSchedulesCommand({}));
  await new SecretsManagerClient(sdk).send(new ListSecretsCommand({}));
  expect(called).toEqual([
    'scheduler.eu-west-1.amazonaws.com/schedules',
    'secretsmanager.eu-west-1.amazonaws.com/',
  ]);
});

import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { calling } from '../../../../src/cli/aws/calling.ts';
import { aSimulator } from '../../../support/simulated.ts';
import { aTerminal } from '../../../support/terminal.ts';

const CALL = {
  terminal: aTerminal(),
  what: 'Cannot do it',
  needs: ['secretsmanager:DescribeSecret'],
  command: 'rotation-monitor it',
};

async function served(): Promise<string> {
  const { endpoint, close } = await aSimulator().listen({ port: 0 });
  onTestFinished(close);
  return endpoint;
}

test('calling connects with made-up credentials on the loopback and says who it is', async () => {
  const options = { endpointUrl: await served(), region: 'eu-west-1' };
  const identity = await calling({ ...CALL, options }, ({ connected }) => connected.identity());
  expect(identity).toMatchObject({ account: '111122223333' });
});

test('calling reports a role that is not given, with its permission', async () => {
  const roleArn = 'arn:aws:iam::111122223333:role/absent';
  const options = { endpointUrl: await served(), region: 'eu-west-1', roleArn };
  await expect(calling({ ...CALL, options }, async () => undefined)).rejects.toMatchObject({
    parts: {
      what: expect.stringMatching(/^Cannot do it at http:\/\/127\.0\.0\.1:\d+ \(eu-west-1\)$/),
      solve: ['Check that the credentials may call sts:AssumeRole.'],
    },
  });
});

test('calling reports an endpoint that is down, after three tries', async () => {
  let tries = 0;
  const server = createServer((socket) => {
    tries += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const options = { endpointUrl: `http://127.0.0.1:${port}`, region: 'eu-west-1' };
  const asked = calling({ ...CALL, options }, async ({ connected }) => {
    const { SecretsManagerClient, ListSecretsCommand } = await import('@aws-sdk/client-secrets-manager');
    return new SecretsManagerClient(connected.sdk).send(new ListSecretsCommand({}));
  });
  await expect(asked).rejects.toMatchObject({
    parts: { solve: ['Check the address, and that something listens there.'] },
  });
  expect(tries).toBe(3);
});

test('calling lets a mistake of the program pass', async () => {
  const options = { endpointUrl: await served(), region: 'eu-west-1' };
  const mistake = new TypeError('x is not a function');
  await expect(calling({ ...CALL, options }, () => Promise.reject(mistake))).rejects.toBe(mistake);
});

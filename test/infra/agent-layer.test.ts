import { spawn } from 'node:child_process';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { expect, onTestFinished, test } from 'vitest';
import { readAgentSettings } from '../../client/src/agent-server.ts';
import { AgentLayer, type AgentLayerProps } from '../../infra/rotation-monitor.ts';
import { buildAgentLayer } from '../../scripts/bundle/build-agent-layer.ts';
import { until } from '../client/support/listening.ts';
import { raw } from '../client/support/raw-request.ts';
import { aSimulator, sdk } from '../support/simulated.ts';

const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders/db-AbCdEf';
const LAYER = 'arn:aws:lambda:eu-west-1:111122223333:layer:AWS-Parameters-and-Secrets-Lambda-Extension:1';

function attached(props: Partial<AgentLayerProps> = {}): Template {
  const stack = new Stack(new App(), 'orders', { env: { account: '111122223333', region: 'eu-west-1' } });
  const code = Code.fromInline('exports.handler = () => undefined;');
  const target = new LambdaFunction(stack, 'Orders', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code,
  });
  const secrets = [Secret.fromSecretCompleteArn(stack, 'Db', ARN)];
  new AgentLayer(stack, 'Agent', { function: target, secrets, layerFolder: 'infra', ...props });
  return Template.fromStack(stack);
}

const functionOf = (template: Template) => {
  const [only] = Object.values(template.findResources('AWS::Lambda::Function'));
  return only?.['Properties'] as { Layers: unknown[]; Environment: { Variables: Record<string, string> } };
};

test('our layer comes with settings that the agent reads, and with permission for its secrets alone', () => {
  const template = attached({ ttl: Duration.minutes(1), pollInterval: Duration.seconds(15) });
  const { Layers, Environment } = functionOf(template);
  expect(Layers).toHaveLength(1);
  template.resourceCountIs('AWS::Lambda::LayerVersion', 1);
  const { SECRET_ROTATION_AGENT_CONFIG: config = '', ...others } = Environment.Variables;
  expect(others).toEqual({ SECRETS_MANAGER_AGENT_ENDPOINT: 'http://127.0.0.1:2773' });
  expect(readAgentSettings(config)).toMatchObject({
    allowedSecrets: [ARN],
    ttlMs: 60_000,
    invalidation: { pollIntervalMs: 15_000 },
  });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [
        {
          Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
          Effect: 'Allow',
          Resource: ARN,
        },
      ],
    },
  });
});

test("a layer that is given gets AWS's variables", () => {
  const template = attached({ layerVersionArn: LAYER });
  const { Layers, Environment } = functionOf(template);
  expect(Layers).toEqual([LAYER]);
  template.resourceCountIs('AWS::Lambda::LayerVersion', 0);
  expect(Environment.Variables).toEqual({
    SECRETS_MANAGER_AGENT_ENDPOINT: 'http://127.0.0.1:2773',
    PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: '2773',
    SECRETS_MANAGER_TTL: '300',
  });
});

test.each([
  ['no secrets', { secrets: [] }, 'name its secrets'],
  ['a longer time than agents allow', { ttl: Duration.minutes(6) }, 'at most 300 s'],
])('%s is refused', (_case, props, message) => {
  expect(() => attached(props)).toThrow(message);
});

/** The part of Lambda that extensions talk to: registers one, and makes it end when the test says so. */
async function aRuntime() {
  const seen: string[] = [];
  let waiting: ServerResponse | undefined;
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers['lambda-extension-name'] ?? ''}`.trim());
    if (request.url?.endsWith('/register'))
      response.writeHead(200, { 'lambda-extension-identifier': 'id-1' }).end('{}');
    else waiting = response;
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const api = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    api,
    seen,
    isWaiting: () => waiting !== undefined,
    shutDown: () => waiting?.end('{"eventType":"SHUTDOWN"}'),
  };
}

test('the layer runs as an extension, serves a secret, and ends with its environment', async () => {
  const folder = resolve('node_modules/.cache/agent-layer');
  await buildAgentLayer(folder);
  const simulator = aSimulator();
  const { endpoint, close } = await simulator.listen({ port: 0 });
  onTestFinished(close);
  const owner = new SecretsManagerClient(sdk(simulator, 'owner'));
  await owner.send(new CreateSecretCommand({ Name: 'orders/db', SecretString: 'value' }));
  const runtime = await aRuntime();
  const port = 20_000 + (process.pid % 10_000);
  const extension = spawn(`${folder}/extensions/secret-rotation-agent`, {
    env: {
      ...process.env,
      SECRET_ROTATION_AGENT_HOME: `${folder}/secret-rotation-agent`,
      SECRET_ROTATION_AGENT_CONFIG: `http_port = ${port}\n[secret_rotation_client]\nallowed_secrets = ["orders/db"]`,
      AWS_LAMBDA_RUNTIME_API: runtime.api,
      AWS_ENDPOINT_URL: endpoint,
      AWS_SESSION_TOKEN: 'session',
    },
    stdio: 'ignore',
  });
  const ended = new Promise<number | null>((done) => extension.once('exit', done));
  await until(() => runtime.isWaiting());
  const answer = await raw(port, '/secretsmanager/get?secretId=orders/db', {
    'x-aws-parameters-secrets-token': 'session',
  });
  expect(JSON.parse(answer.body)).toMatchObject({ SecretString: 'value' });
  runtime.shutDown();
  expect(await ended).toBe(0);
  expect(runtime.seen).toEqual([
    'POST /2020-01-01/extension/register secret-rotation-agent',
    'GET /2020-01-01/extension/event/next',
  ]);
});

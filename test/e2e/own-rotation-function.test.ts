import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { type TestContext, test } from 'vitest';
import { startCli } from '../support/cli.ts';

/**
 * A rotation function that knows nothing of this program, behind a server that answers as the Lambda Runtime Interface
 * Emulator does. Written for Python, which needs nothing but its standard library.
 */
const PYTHON = `
import json, os, socketserver, urllib.request
from http.server import BaseHTTPRequestHandler

def call(operation, **members):
    scope = "Credential=%s/20261129/eu-west-1/secretsmanager/aws4_request" % os.environ["AWS_ACCESS_KEY_ID"]
    headers = {"X-Amz-Target": "secretsmanager." + operation, "Content-Type": "application/x-amz-json-1.1", "Authorization": "AWS4-HMAC-SHA256 " + scope}
    request = urllib.request.Request(os.environ["AWS_ENDPOINT_URL"], json.dumps(members).encode(), headers)
    return json.load(urllib.request.urlopen(request))

def handler(event):
    secret, token, step = event["SecretId"], event["ClientRequestToken"], event["Step"]
    stages = call("DescribeSecret", SecretId=secret)["VersionIdsToStages"]
    if step == "createSecret":
        value = call("GetRandomPassword", ExcludePunctuation=True, PasswordLength=40)["RandomPassword"]
        call("PutSecretValue", SecretId=secret, ClientRequestToken=token, SecretString=value, VersionStages=["AWSPENDING"])
    if step == "testSecret" and os.environ.get("FAILS"):
        raise ValueError("the new password is refused")
    if step == "finishSecret":
        current = [version for version in stages if "AWSCURRENT" in stages[version]][0]
        call("UpdateSecretVersionStage", SecretId=secret, VersionStage="AWSCURRENT", MoveToVersionId=token, RemoveFromVersionId=current)

class Emulator(BaseHTTPRequestHandler):
    def do_POST(self):
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        try:
            answer = handler(event)
        except Exception as error:
            answer = {"errorType": type(error).__name__, "errorMessage": str(error)}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())
    def log_message(self, *arguments):
        pass

# Not HTTPServer: it looks up the name of its address, which takes long where nobody answers.
socketserver.TCPServer(("127.0.0.1", int(os.environ["PORT"])), Emulator).serve_forever()
`;

/** The same for Node, where there is no Python. */
const NODE = `
const call = async (operation, members) => {
  const scope = 'Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20261129/eu-west-1/secretsmanager/aws4_request';
  const headers = { 'x-amz-target': 'secretsmanager.' + operation, 'content-type': 'application/x-amz-json-1.1', authorization: 'AWS4-HMAC-SHA256 ' + scope };
  return (await fetch(process.env.AWS_ENDPOINT_URL, { method: 'POST', headers, body: JSON.stringify(members) })).json();
};
const handler = async ({ SecretId, ClientRequestToken, Step }) => {
  const { VersionIdsToStages: stages } = await call('DescribeSecret', { SecretId });
  if (Step === 'createSecret') {
    const { RandomPassword } = await call('GetRandomPassword', { ExcludePunctuation: true, PasswordLength: 40 });
    await call('PutSecretValue', { SecretId, ClientRequestToken, SecretString: RandomPassword, VersionStages: ['AWSPENDING'] });
  }
  if (Step === 'testSecret' && process.env.FAILS) throw new TypeError('the new password is refused');
  if (Step === 'finishSecret') {
    const RemoveFromVersionId = Object.keys(stages).find((id) => stages[id].includes('AWSCURRENT'));
    await call('UpdateSecretVersionStage', { SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId: ClientRequestToken, RemoveFromVersionId });
  }
  return null;
};
require('node:http').createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const answer = await handler(JSON.parse(body)).catch((error) => ({ errorType: error.name, errorMessage: error.message }));
  response.end(JSON.stringify(answer));
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

/** Processes start as fast as the machine lets them; what never ends is ended after this many milliseconds. */
const UNTIL_HUNG = 30 * 60_000;
const hasPython = spawnSync('python3', ['--version']).status === 0;
const NAME = 'rotate-orders';
const SecretId = 'orders/db';

function startFunction(environment: Readonly<Record<string, string>>, context: TestContext): ChildProcess {
  const env = { PATH: process.env['PATH'], ...environment };
  const [program, args] = hasPython ? ['python3', ['-c', PYTHON]] : [process.execPath, ['-e', NODE]];
  const child = spawn(program, args, { env, stdio: 'inherit' });
  context.onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** A simulator, and a function in a process of its own that is given what the simulator prints. */
async function rotating(context: TestContext, port: number, failing: Readonly<Record<string, string>> = {}) {
  const address = `http://127.0.0.1:${port}`;
  const simulating = startCli(['simulate', '--port', '0', '--rotation-function', `${NAME}=${address}`]);
  context.onTestFinished(() => simulating.kill('SIGKILL'));
  const line = await simulating.seen(/AWS_ENDPOINT_URL=\S+ AWS_ACCESS_KEY_ID=\S+ AWS_SECRET_ACCESS_KEY=\S+/);
  const printed = Object.fromEntries(line.split(' ').map((each) => each.split('=')));
  startFunction({ ...printed, ...failing, PORT: String(port) }, context);
  await context.expect
    .poll(
      () =>
        fetch(address)
          .then(() => true)
          .catch(() => false),
      { timeout: UNTIL_HUNG },
    )
    .toBe(true);
  const endpoint = String(printed['AWS_ENDPOINT_URL']);
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'simulated' };
  const settings = { endpoint, region: 'eu-west-1', maxAttempts: 1, credentials };
  const client = new SecretsManagerClient(settings);
  await client.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'first' }));
  const { VersionId = '' } = await client.send(
    new RotateSecretCommand({
      SecretId,
      RotationLambdaARN: `arn:aws:lambda:eu-west-1:111122223333:function:${NAME}`,
      RotationRules: { AutomaticallyAfterDays: 30 },
    }),
  );
  return { client, lambda: new LambdaClient(settings), VersionId };
}

/** A port that is likely free, another one in each process and test. */
const portOf = (offset: number): number => 20_000 + ((process.pid * 2 + offset) % 20_000);

test.concurrent(`a function in a process of its own rotates a secret (${hasPython ? 'Python' : 'Node'})`, async (context) => {
  const { expect } = context;
  const { client, VersionId } = await rotating(context, portOf(0));
  const value = () => client.send(new GetSecretValueCommand({ SecretId }));
  await expect
    .poll(async () => (await value()).VersionId, { timeout: UNTIL_HUNG, interval: 500 })
    .toBe(VersionId);
  expect((await value()).SecretString).toMatch(/^[A-Za-z0-9]{40}$/);
});

test.concurrent('what it answers as an error is a failure, to an operator who proves the pending version too', async (context) => {
  const { expect } = context;
  const { client, lambda, VersionId } = await rotating(context, portOf(1), { FAILS: 'yes' });
  const isFilled = () =>
    client.send(new GetSecretValueCommand({ SecretId, VersionId })).then(
      () => true,
      () => false,
    );
  await expect.poll(isFilled, { timeout: UNTIL_HUNG, interval: 500 }).toBe(true);
  const step = { Step: 'testSecret', SecretId, ClientRequestToken: VersionId };
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: NAME, Payload: Buffer.from(JSON.stringify(step)) }),
  );
  expect(FunctionError).toBe('Unhandled');
  expect(Payload?.transformToString()).toContain('the new password is refused');
  const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId }));
  expect(VersionIdsToStages?.[VersionId]).toEqual(['AWSPENDING']);
});

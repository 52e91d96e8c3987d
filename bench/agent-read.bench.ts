import { setTimeout as sleep } from 'node:timers/promises';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { beforeAll, bench } from 'vitest';
import { secretsManagerAgent } from '../client/src/agent.ts';
import { readAgentSettings, startAgentServer } from '../client/src/agent-server.ts';
import { secretsManagerSource } from '../client/src/aws/secrets-manager-source.ts';
import type { SecretSource } from '../client/src/source.ts';
import { createSimulator } from '../src/simulator/simulator.ts';
import { VirtualClock } from '../src/simulator/time/clock.ts';
import { openStage, type Stage } from '../test/client/propagation/stage.ts';
import { NOW } from '../test/support/builders.ts';

const READS = 300;
const NAME = 'orders/db';
const SETTINGS = `log_level = "none"\n[secret_rotation_client]\nallowed_secrets = ["${NAME}"]\n`;

const MOVES = 20;
/** From a move of AWSCURRENT to the answer of the agent. */
const MOVE_MS = 2_000;

let agentMs: readonly number[];
let apiMs: readonly number[];
let movesMs: readonly number[];

const at = (share: number, times: readonly number[]) =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length * share)] ?? 0;

async function timeOf(source: SecretSource): Promise<number> {
  const start = performance.now();
  await source.read({ secretId: NAME }, AbortSignal.timeout(60_000));
  return performance.now() - start;
}

/** Reads from our agent and from the API in turns; neither has a network between, and only the agent holds the value. */
beforeAll(async () => {
  const simulator = createSimulator({ clock: new VirtualClock(NOW), seed: 1 });
  const { endpoint, close } = await simulator.listen({ port: 0 });
  const credentials = { accessKeyId: 'application', secretAccessKey: 'simulated' };
  const client = new SecretsManagerClient({ endpoint, region: 'eu-west-1', credentials });
  await client.send(new CreateSecretCommand({ Name: NAME, SecretString: '{"password":"secret"}' }));
  const settings = { ...readAgentSettings(SETTINGS), port: 0 };
  const server = await startAgentServer(settings, { client, env: { AWS_TOKEN: 'a-token' } });
  const agent = secretsManagerAgent({
    endpoint: `http://127.0.0.1:${server.port}`,
    token: 'a-token',
    fallback: false,
  });
  const api = secretsManagerSource(client);
  const times: { agent: number[]; api: number[] } = { agent: [], api: [] };
  for (let read = 0; read < READS; read++) {
    times.agent.push(await timeOf(agent));
    times.api.push(await timeOf(api));
  }
  [agentMs, apiMs] = [times.agent.slice(20), times.api.slice(20)];
  await server.close();
  await close();
  await simulator.close();
  const cells = (name: string, all: readonly number[]) =>
    `| ${name} | ${at(0.5, all).toFixed(2)} | ${at(0.99, all).toFixed(2)} |`;
  console.log(
    `| read | median, ms | p99, ms |\n| --- | --: | --: |\n${cells('agent', agentMs)}\n${cells('API', apiMs)}`,
  );
}, 0);

/** Lets AWSCURRENT move on a deployed monitor, and asks our agent until it answers the new version. */
beforeAll(async () => {
  const stage = await openStage();
  const lines: string[] = [];
  const server = await listeningAgent(stage, (line) => void lines.push(line));
  while (!lines.some((line) => line.includes('Rotation: listening'))) await sleep(10);
  movesMs = await timesOf(stage, `http://127.0.0.1:${server.port}`);
  await server.close();
  await stage.close();
  const [median, longest] = [at(0.5, movesMs), Math.max(...movesMs)];
  console.log(
    `${MOVES} moves of AWSCURRENT: the agent answered after ${median} ms (median), ${longest} ms (longest)`,
  );
}, 0);

function listeningAgent({ place }: Stage, write: (line: string) => void) {
  const { endpoint, role, topicArn, queuePrefix } = place;
  const sdk = (accessKeyId: string) => ({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId, secretAccessKey: 'simulated' },
  });
  const listening = `[secret_rotation_client.invalidation]\ntopic_arn = "${topicArn}"\nqueue_prefix = "${queuePrefix}"\n`;
  const settings = readAgentSettings(SETTINGS.replace('"none"', '"info"') + listening);
  return startAgentServer(
    { ...settings, port: 0 },
    {
      client: new SecretsManagerClient(sdk('application')),
      listening: { sqs: new SQSClient(sdk(role)), sns: new SNSClient(sdk(role)) },
      env: { AWS_TOKEN: 'a-token' },
      write,
    },
  );
}

async function timesOf(stage: Stage, agent: string): Promise<readonly number[]> {
  const url = `${agent}/secretsmanager/get?secretId=${NAME}`;
  const headers = { 'X-Aws-Parameters-Secrets-Token': 'a-token' };
  const answered = async () => Object(await (await fetch(url, { headers })).json()).VersionId;
  await answered();
  const times: number[] = [];
  for (let turn = 0; turn < MOVES; turn++) {
    const { versionId, at: movedAt } = await stage.rotate();
    while ((await answered()) !== versionId) await sleep(5);
    times.push(Date.now() - movedAt);
  }
  return times;
}

bench(
  'a move of AWSCURRENT is in the answers of the agent within two seconds',
  () => {
    const longest = Math.max(...movesMs);
    if (longest > MOVE_MS) throw new Error(`The agent answered the new version after ${longest} ms`);
  },
  { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 },
);

bench(
  'a read from the agent costs no more than one from the API, even without a network between',
  () => {
    if (at(0.5, agentMs) > at(0.5, apiMs)) throw new Error('The agent answers later than the API');
  },
  { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 },
);

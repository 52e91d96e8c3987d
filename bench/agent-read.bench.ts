import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { beforeAll, bench } from 'vitest';
import { secretsManagerAgent } from '../client/src/agent.ts';
import { readAgentSettings, startAgentServer } from '../client/src/agent-server.ts';
import { secretsManagerSource } from '../client/src/aws/secrets-manager-source.ts';
import type { SecretSource } from '../client/src/source.ts';
import { createSimulator } from '../src/simulator/simulator.ts';
import { VirtualClock } from '../src/simulator/time/clock.ts';
import { NOW } from '../test/support/builders.ts';

const READS = 300;
const NAME = 'orders/db';
const SETTINGS = `log_level = "none"\n[secret_rotation_client]\nallowed_secrets = ["${NAME}"]\n`;

let agentMs: readonly number[];
let apiMs: readonly number[];

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

bench(
  'a read from the agent costs no more than one from the API, even without a network between',
  () => {
    if (at(0.5, agentMs) > at(0.5, apiMs)) throw new Error('The agent answers later than the API');
  },
  { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 },
);

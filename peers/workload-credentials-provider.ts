import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { readAgentSettings, startAgentServer } from '../client/src/agent-server.ts';
import { secretsManagerSource } from '../client/src/aws/secrets-manager-source.ts';
import { originalAgent } from '../test/client/support/original-agent.ts';
import { raw } from '../test/client/support/raw-request.ts';
import { AGENT_REQUESTS, AGENT_SECRETS, AGENT_TOKEN, type AgentRequest } from './support/agent-requests.ts';
import { contractCases } from './support/contract.ts';
import { PROVIDER_VERSION, providerIn, startProvider } from './support/credentials-provider.ts';
import type { Ground, Simulated } from './support/ground.ts';
import type { Case, Peer } from './support/peer.ts';

const READS = 300;

/** The agent that AWS ships, formerly the Secrets Manager Agent. */
export const workloadCredentialsProvider: Peer = {
  name: 'workload-credentials-provider',
  software: 'AWS Workload Credentials Provider',
  version: PROVIDER_VERSION,
  from: 'crates.io',
  against: 'the agent client, the agent server and the fake of their tests, on `simulate`',
  needs: ['cargo'],
  limits: 'Texts of errors that Secrets Manager itself answers are not compared, nor roles and certificates.',
  explained: [
    {
      cases: /^our server: a role that is none$/,
      why: 'Our agent assumes no roles and says so; the original first looks at the form of the ARN.',
      source: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/secrets-manager-agent.html',
      rest: (answer) => Object(answer).status,
    },
    {
      cases: /^our server: after all failures$/,
      why: 'A denied read drops the value in our agent, as access may have been revoked; the original goes on serving it until its time is over.',
      source: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/secrets-manager-agent.html',
    },
  ],
  install: providerIn,
  run: async (ground) => {
    const program = await providerIn(ground);
    const contract = await contractCases('workload-credentials-provider', {
      WORKLOAD_CREDENTIALS_PROVIDER: program,
    });
    return [...contract, ...(await recorded(ground, program))];
  },
};

/** Agents that answer the same requests. */
interface Agents {
  readonly real: number;
  readonly server: number;
  readonly fake: number;
  close(): Promise<void>;
}

/** Puts every request to the original, to our server and to the fake. */
async function recorded(ground: Ground, program: string): Promise<readonly Case[]> {
  const simulated = await ground.simulate();
  await createSecrets(simulated);
  const agents = await openAgents(program, simulated);
  const cases: Case[] = [];
  try {
    for (const asked of AGENT_REQUESTS) {
      const heal = asked.fault && simulated.simulator.faults.add({ kind: asked.fault, probability: 1 });
      const theirs = await answerOf(agents.real, asked);
      cases.push({ name: `our server: ${asked.name}`, theirs, ours: await answerOf(agents.server, asked) });
      cases.push({ name: `the fake: ${asked.name}`, theirs, ours: await answerOf(agents.fake, asked) });
      heal?.();
    }
    ground.note(await latencies(agents, simulated));
  } finally {
    await agents.close();
  }
  return cases;
}

async function createSecrets({ simulator }: Simulated): Promise<void> {
  for (const [index, Name] of AGENT_SECRETS.entries()) {
    const value = Name === 'orders/key' ? { SecretBinary: 'AP8H' } : { SecretString: `value of "${Name}"` };
    const ClientRequestToken = String(index + 2).repeat(36);
    await simulator.call(
      'secretsmanager',
      'CreateSecret',
      { Name, ClientRequestToken, ...value },
      'operator',
    );
  }
}

async function openAgents(program: string, { endpoint }: Simulated): Promise<Agents> {
  const client = clientOf(endpoint);
  const settings = readAgentSettings(
    `log_level = "none"\n[secret_rotation_client]\nallowed_secrets = ${JSON.stringify([...AGENT_SECRETS, 'orders/none', 'orders%2Fdb', 'orders/a b=c'])}\n`,
  );
  const opened = await Promise.all([
    startProvider(program, { endpoint, token: AGENT_TOKEN }),
    startAgentServer({ ...settings, port: 0 }, { client, env: { AWS_TOKEN: AGENT_TOKEN } }),
    originalAgent(secretsManagerSource(client), AGENT_TOKEN),
  ]);
  const [real, server, fake] = opened.map(({ port }) => port);
  const close = async (): Promise<void> => void (await Promise.all(opened.map((agent) => agent.close())));
  return { real: real ?? 0, server: server ?? 0, fake: fake ?? 0, close };
}

const clientOf = (endpoint: string): SecretsManagerClient =>
  new SecretsManagerClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'agent', secretAccessKey: 'simulated' },
  });

/** Status and body; of JSON the members and not their order, of the service's errors not the text. */
async function answerOf(port: number, { path, method, headers }: AgentRequest): Promise<unknown> {
  const own = { 'x-aws-parameters-secrets-token': AGENT_TOKEN, ...headers };
  const given = Object.entries(own).filter(([, value]) => value !== '');
  const { status, body } = await raw(port, path, {
    ...(method === undefined ? {} : { method }),
    ...Object.fromEntries(given),
  });
  return { status, body: readable(body) };
}

function readable(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return '__type' in Object(value) ? { ...Object(value), message: typeof Object(value).message } : value;
  } catch {
    return body;
  }
}

/** Median times of a read that is held, one after the other in turns. */
async function latencies(agents: Agents, { endpoint }: Simulated): Promise<string> {
  const path = '/secretsmanager/get?secretId=orders/db';
  const header = { 'x-aws-parameters-secrets-token': AGENT_TOKEN };
  const client = clientOf(endpoint);
  const ways: Readonly<Record<string, () => Promise<unknown>>> = {
    'the original, built without optimisation,': () => raw(agents.real, path, header),
    'our server': () => raw(agents.server, path, header),
    'the simulated API': () => client.send(new GetSecretValueCommand({ SecretId: 'orders/db' })),
  };
  const times = new Map(Object.keys(ways).map((name) => [name, [] as number[]]));
  for (let turn = 0; turn < READS; turn++) {
    for (const [name, read] of Object.entries(ways)) {
      const start = performance.now();
      await read();
      times.get(name)?.push(performance.now() - start);
    }
  }
  const texts = [...times].map(([name, all]) => `${name} ${median(all).toFixed(2)} ms`);
  return `Median of ${READS} reads in turns, over loopback, each on a new connection but for the API: ${texts.join(', ')}.`;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

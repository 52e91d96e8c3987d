import { describe } from 'vitest';
import { readAgentSettings, startAgentServer } from '../../../client/src/agent-server.ts';
import { secretsManagerSource } from '../../../client/src/aws/secrets-manager-source.ts';
import { originalAgent } from '../support/original-agent.ts';
import { agentContract, SECRETS, TOKEN } from './agent-contract.ts';

const SETTINGS = readAgentSettings(`
log_level = "none"
[secret_rotation_client]
allowed_secrets = ${JSON.stringify(SECRETS)}
`);

describe('an agent with the answers of the original', () => {
  agentContract(({ client }) => originalAgent(secretsManagerSource(client), TOKEN));
});

describe('our agent', () => {
  agentContract(({ client }) =>
    startAgentServer({ ...SETTINGS, port: 0, ttlMs: 300_000 }, { client, env: { AWS_TOKEN: TOKEN } }),
  );
});

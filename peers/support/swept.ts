import { fileURLToPath } from 'node:url';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { formatInstant, instant, later } from '../../src/calendar/instant.ts';
import { run } from './ground.ts';
import { callerOf } from './judgements.ts';

/** Time between the making of the secrets and the moment that the sweep judges them at, in milliseconds. */
const LATER_MS = 2 * 86_400_000;

const PREFIX = 'sweep/';

/** Steps that bring a new secret into its state, by its name without the prefix. */
const STATES: Readonly<Record<string, (client: SecretsManagerClient, SecretId: string) => Promise<unknown>>> =
  {
    plain: async () => undefined,
    staged: stage,
    promoted: async (client, SecretId) => {
      const [RemoveFromVersionId, MoveToVersionId] = await stage(client, SecretId);
      const VersionStage = 'AWSCURRENT';
      await client.send(
        new UpdateSecretVersionStageCommand({ SecretId, VersionStage, RemoveFromVersionId, MoveToVersionId }),
      );
    },
    unstaged: async (client, SecretId) => {
      const [, RemoveFromVersionId] = await stage(client, SecretId);
      const VersionStage = 'AWSPENDING';
      await client.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage, RemoveFromVersionId }));
    },
    deleted: (client, SecretId) => client.send(new DeleteSecretCommand({ SecretId })),
    restored: async (client, SecretId) => {
      await client.send(new DeleteSecretCommand({ SecretId }));
      await client.send(new RestoreSecretCommand({ SecretId }));
    },
  };

/** Stages a new value as a rotation does; answers the ids of the version in use and of the pending one. */
async function stage(client: SecretsManagerClient, SecretId: string): Promise<[string, string]> {
  const current = await client.send(new PutSecretValueCommand({ SecretId, SecretString: 'in-use' }));
  const pending = await client.send(
    new PutSecretValueCommand({ SecretId, SecretString: 'staged', VersionStages: ['AWSPENDING'] }),
  );
  return [current.VersionId ?? '', pending.VersionId ?? ''];
}

const swept = z.object({
  findings: z.array(z.object({ secretName: z.string(), severity: z.string(), code: z.string() })),
  audit: z.array(z.object({ secretName: z.string(), code: z.string() })),
});

/**
 * Makes secrets in the states that both emulators hold, and lets `sweep --audit` judge them two days later. The answer
 * has, by name of the secret, the severities and codes that it finds.
 */
export async function sweptFleet(endpoint: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'simulated' };
  const client = new SecretsManagerClient({ endpoint, region: 'eu-west-1', credentials });
  for (const [state, reach] of Object.entries(STATES)) {
    const Name = `${PREFIX}${state}`;
    await client.send(new CreateSecretCommand({ Name, SecretString: 'first' }));
    await reach(client, Name);
  }
  client.destroy();
  const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
  const now = formatInstant(later(instant(Date.now()), LATER_MS));
  const words = ['tsx', main, 'sweep', '--audit', '--json', '--fail-on', 'none', '--now', now];
  const { stdout, stderr } = await run('npx', words, { env: callerOf(endpoint) });
  if (stdout === '') throw new Error(`The sweep ended without a result: ${stderr.slice(-1000)}`);
  const { findings, audit } = swept.parse(JSON.parse(stdout));
  const found = [...findings, ...audit.map((each) => ({ ...each, severity: 'audit' }))];
  return Object.fromEntries(
    Object.keys(STATES).map((state) => [
      state,
      found
        .filter(({ secretName }) => secretName === `${PREFIX}${state}`)
        .map(({ severity, code }) => `${severity} ${code}`)
        .sort(),
    ]),
  );
}

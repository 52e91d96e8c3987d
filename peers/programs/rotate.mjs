// A rotation function in Node.js, for the Lambda Runtime Interface Emulator; SecretId decides how it fails.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';

const client = new SecretsManagerClient({ endpoint: process.env.ENDPOINT, region: 'eu-west-1' });

const PENDING = 'AWSPENDING';
const CURRENT = 'AWSCURRENT';

export async function handler({ SecretId, ClientRequestToken, Step }) {
  if (Step === 'setSecret' && SecretId.includes('raises')) throw new Error('the target refused the login');
  if (Step === 'setSecret' && SecretId.includes('exits')) process.exit(3);
  if (Step === 'setSecret' && SecretId.includes('hangs')) await pause(60_000);
  const pending = new GetSecretValueCommand({
    SecretId,
    VersionId: ClientRequestToken,
    VersionStage: PENDING,
  });
  if (Step === 'createSecret') {
    const isThere = await client.send(pending).then(
      () => true,
      ({ name }) => {
        if (name !== 'ResourceNotFoundException') throw new Error(`createSecret cannot read: ${name}`);
        return false;
      },
    );
    const SecretString = JSON.stringify({ username: 'app', password: randomUUID() });
    const put = { SecretId, ClientRequestToken, SecretString, VersionStages: [PENDING] };
    if (!isThere) await client.send(new PutSecretValueCommand(put));
  }
  if (Step === 'testSecret') await client.send(pending);
  if (Step === 'finishSecret') {
    const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId }));
    const current = Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id].includes(CURRENT));
    const move = { SecretId, VersionStage: CURRENT, MoveToVersionId: ClientRequestToken };
    if (current !== ClientRequestToken)
      await client.send(new UpdateSecretVersionStageCommand({ ...move, RemoveFromVersionId: current }));
  }
  return null;
}

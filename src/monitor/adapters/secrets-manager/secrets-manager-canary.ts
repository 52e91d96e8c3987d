import { randomBytes } from 'node:crypto';
import {
  DescribeSecretCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  type SecretsManagerClient,
  TagResourceCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { CanaryError, type CanarySecret } from '../../ports/canary/canary-secret.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';

const CURRENT = 'AWSCURRENT';
const PENDING = 'AWSPENDING';
const VALUE_BYTES = 32;

/** The canary in Secrets Manager; its values come from chance and are asked for by nobody. */
export function secretsManagerCanary(client: SecretsManagerClient, arn: string): CanarySecret {
  const SecretId = arn;
  return {
    arn,
    look: () =>
      translated('DescribeSecret', async () => {
        const { VersionIdsToStages = {}, Tags = [] } = await client.send(
          new DescribeSecretCommand({ SecretId }),
        );
        const holder = Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes(CURRENT));
        const tags = Tags.flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? '']]));
        return { currentVersionId: holder?.[0], tags: Object.fromEntries(tags) };
      }),
    fill: ({ versionId, rotationToken }) =>
      translated('PutSecretValue', async () => {
        const input = {
          SecretId,
          ClientRequestToken: versionId,
          RotationToken: rotationToken,
          SecretString: randomBytes(VALUE_BYTES).toString('base64url'),
          VersionStages: [PENDING],
        };
        try {
          await client.send(new PutSecretValueCommand(input));
        } catch (error) {
          // An earlier attempt has filled it: all attempts of a rotation have one token.
          if (!(error instanceof ResourceExistsException)) throw error;
        }
      }),
    makeCurrent: ({ versionId, insteadOf }) =>
      translated('UpdateSecretVersionStage', async () => {
        const move = { VersionStage: CURRENT, MoveToVersionId: versionId, RemoveFromVersionId: insteadOf };
        await client.send(new UpdateSecretVersionStageCommand({ SecretId, ...move }));
      }),
    tag: (Key, Value) =>
      translated('TagResource', async () => {
        await client.send(new TagResourceCommand({ SecretId, Tags: [{ Key, Value }] }));
      }),
  };
}

async function translated<T>(operation: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const message = `Cannot use the canary: ${describeFailure(error)}, needs secretsmanager:${operation}`;
    throw new CanaryError(message, { ...failureOf(error), cause: error });
  }
}

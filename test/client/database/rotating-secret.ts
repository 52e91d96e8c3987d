import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { SecretCache } from '../../../client/src/cache/secret-cache.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { sdk } from '../../support/simulated.ts';
import type { Target } from './target.ts';

/** A user of a database whose password is a secret, and what a rotation does to both, step by step. */
export interface RotatingSecret {
  readonly secretId: string;
  readonly user: string;
  readonly password: () => string;
  /** A cache of a process of its own; its calls are counted. */
  cache(): SecretCache;
  /** Calls of all caches. */
  reads(): number;
  /** createSecret: a new version becomes AWSPENDING. */
  create(fields?: Readonly<Record<string, unknown>>): Promise<void>;
  /** setSecret: the database gets the pending password. */
  set(): Promise<void>;
  /** finishSecret: AWSCURRENT moves to the pending version. */
  finish(): Promise<void>;
  /** Sets the password of AWSCURRENT in the database again and takes AWSPENDING away. */
  rollBack(): Promise<void>;
}

/** Makes the user and the secret. */
export async function aRotatingSecret(
  simulator: Simulator,
  target: Target,
  name?: string,
): Promise<RotatingSecret> {
  const control = new SecretsManagerClient(sdk(simulator, 'rotation'));
  const user = `app_${randomUUID().slice(0, 8)}`;
  const secretId = name ?? `client/${user}`;
  let current = `old-${randomUUID()}`;
  let pending = '';
  let reads = 0;
  const value = (password: string, more: object = {}) =>
    JSON.stringify({
      engine: target.engine,
      host: '127.0.0.1',
      port: target.port,
      username: user,
      password,
      dbname: 'app',
      ...more,
    });
  await target.createUser(user, current);
  await control.send(new CreateSecretCommand({ Name: secretId, SecretString: value(current) }));
  const stages = async () =>
    Object.entries(
      (await control.send(new DescribeSecretCommand({ SecretId: secretId }))).VersionIdsToStages ?? {},
    );
  const withStage = async (stage: string) =>
    (await stages()).find(([, labels]) => labels.includes(stage))?.[0];
  return {
    secretId,
    user,
    password: () => current,
    reads: () => reads,
    cache: () => {
      const client = new SecretsManagerClient(sdk(simulator, 'application'));
      client.middlewareStack.add(
        (next) => (args) => {
          reads++;
          return next(args);
        },
        { step: 'initialize' },
      );
      return new SecretCache({ client });
    },
    create: async (fields) => {
      pending = `new-${randomUUID()}`;
      await control.send(
        new PutSecretValueCommand({
          SecretId: secretId,
          ClientRequestToken: randomUUID(),
          SecretString: value(pending, fields),
          VersionStages: ['AWSPENDING'],
        }),
      );
    },
    set: () => target.setPassword(user, pending),
    finish: async () => {
      const [to, from] = [await withStage('AWSPENDING'), await withStage('AWSCURRENT')];
      await control.send(
        new UpdateSecretVersionStageCommand({
          SecretId: secretId,
          VersionStage: 'AWSCURRENT',
          MoveToVersionId: to,
          RemoveFromVersionId: from,
        }),
      );
      current = pending;
    },
    rollBack: async () => {
      await target.setPassword(user, current);
      const from = await withStage('AWSPENDING');
      await control.send(
        new UpdateSecretVersionStageCommand({
          SecretId: secretId,
          VersionStage: 'AWSPENDING',
          RemoveFromVersionId: from,
        }),
      );
    },
  };
}

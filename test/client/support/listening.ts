import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { onTestFinished } from 'vitest';
import { SecretCache } from '../../../client/src/cache/secret-cache.ts';
import type { InvalidationEvent } from '../../../client/src/invalidation/follower.ts';
import type { LeaseOptions } from '../../../client/src/invalidation/leases.ts';
import {
  type ListenOptions,
  listenForRotations,
  type RotationListener,
} from '../../../client/src/invalidation/listener.ts';
import { leaseTableDefinition } from '../../../src/monitor/adapters/dynamodb/table.ts';
import { createSimulator, type Simulator } from '../../../src/simulator/simulator.ts';
import { RealClock } from '../../../src/simulator/time/clock.ts';
import { sdk } from '../../support/simulated.ts';

/** Waits for a condition that the promises and timers of this process bring about. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** A secret that moves, as its owner sees it. */
interface MovingSecret {
  readonly arn: string;
  current(): Promise<string>;
  /** Puts a new version in use; answers its id. */
  put(): Promise<string>;
  /** Puts the previous version in use again; answers its id. */
  back(): Promise<string>;
}

/** A process with a cache that listens, and the events it reported. */
interface ListeningProcess {
  readonly cache: SecretCache;
  readonly listener: RotationListener;
  readonly events: readonly InvalidationEvent[];
}

/** A simulated AWS where processes listen. */
export interface Place {
  readonly simulator: Simulator;
  readonly topicArn: string;
  readonly secret: MovingSecret;
  /** Sends a move, as the monitor does. */
  tell(versionId: string, more?: object): void;
  process(options?: Partial<ListenOptions>): ListeningProcess;
}

/** A simulated AWS on the machine's clock, with a topic, a table of leases and a secret. */
export async function aPlace(name = 'orders/db'): Promise<Place> {
  const simulator = createSimulator({ clock: new RealClock(), seed: 1 });
  onTestFinished(() => simulator.close());
  const sns = new SNSClient(sdk(simulator, 'application'));
  const { TopicArn: topicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'rotations' }));
  await simulator.call('dynamodb', 'CreateTable', { ...leaseTableDefinition('leases') }, 'operator');
  const secret = await aSecret(simulator, name);
  let sequence = 0;
  return {
    simulator,
    topicArn,
    secret,
    tell: (versionId: string, more: object = {}) => {
      sequence++;
      simulator.sns.announce(topicArn, aMove(secret.arn, versionId, { sequence, ...more }));
    },
    process: (options = {}) => aProcess(simulator, { topicArn, ...options }),
  };
}

/** The event of the monitor's application bus. */
export const aMove = (secretArn: string, versionId: string, more: object = {}): string =>
  JSON.stringify({
    version: '0',
    source: 'secret-rotation-monitor',
    'detail-type': 'Secret Version Current',
    detail: {
      schemaVersion: 1,
      secretArn,
      secretName: secretArn.split(':').slice(6).join(':').slice(0, -7),
      versionId,
      changedAt: new Date().toISOString(),
      sequence: 1,
      ...more,
    },
  });

async function aSecret(simulator: Simulator, Name: string): Promise<MovingSecret> {
  const client = new SecretsManagerClient(sdk(simulator, 'owner'));
  const { ARN: arn = '' } = await client.send(new CreateSecretCommand({ Name, SecretString: 'first' }));
  const withStage = async (stage: string) => {
    const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId: arn }));
    return Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes(stage))?.[0] ?? '';
  };
  const current = () => withStage('AWSCURRENT');
  return {
    arn,
    current,
    put: async () => {
      const put = new PutSecretValueCommand({ SecretId: arn, SecretString: `at ${process.hrtime.bigint()}` });
      return (await client.send(put)).VersionId ?? '';
    },
    back: async () => {
      const [MoveToVersionId, RemoveFromVersionId] = [await withStage('AWSPREVIOUS'), await current()];
      const move = { SecretId: arn, VersionStage: 'AWSCURRENT', MoveToVersionId, RemoveFromVersionId };
      await client.send(new UpdateSecretVersionStageCommand(move));
      return MoveToVersionId;
    },
  };
}

function aProcess(simulator: Simulator, options: Partial<ListenOptions>): ListeningProcess {
  const cache =
    options.cache ?? new SecretCache({ client: new SecretsManagerClient(sdk(simulator, 'application')) });
  const events: InvalidationEvent[] = [];
  const listener = listenForRotations({
    sqs: new SQSClient(sdk(simulator, 'application')),
    sns: new SNSClient(sdk(simulator, 'application')),
    onEvent: (event) => void events.push(event),
    queuePrefix: 'app-',
    consumer: 'orders-7',
    ...options,
    cache,
  });
  onTestFinished(async () => {
    await listener.close();
    await cache.close();
  });
  return { cache, listener, events };
}

/** Options for leases in the table of a place. */
export const leaseIn = (simulator: Simulator): LeaseOptions => ({
  tableName: 'leases',
  client: new DynamoDBClient(sdk(simulator, 'application')),
});

import { type SimulatorClock, VirtualClock } from './clock.ts';
import { type CloudWatch, createCloudWatch } from './cloudwatch/cloudwatch.ts';
import { createDynamoDb, type DynamoDb } from './dynamodb/dynamodb.ts';
import { createEventBridge, type EventBridge } from './eventbridge/event-bridge.ts';
import { createFunctions, type Functions } from './functions.ts';
import { createLambda, type RotationInvoker } from './lambda/lambda.ts';
import type { Random } from './random.ts';
import { createSecretsManager, type SecretsManager } from './secrets-manager/secrets-manager.ts';
import type { Home, Input, Service, ServiceName } from './service.ts';
import { createSns, type Sns } from './sns/sns.ts';
import { longPoll } from './sqs/long-poll.ts';
import { Queues } from './sqs/queues.ts';
import { createSqs } from './sqs/sqs.ts';
import { createSsm } from './ssm/ssm.ts';
import { createSts } from './sts/sts.ts';

/** The parts of the simulated account that tests and scenarios take hold of, beside the services' APIs. */
export interface Account {
  readonly secretsManager: SecretsManager;
  readonly eventBridge: EventBridge;
  readonly sns: Sns;
  readonly cloudWatch: CloudWatch;
  readonly dynamoDb: DynamoDb;
  readonly queues: Queues;
  readonly functions: Functions;
  readonly services: Readonly<Record<ServiceName, Service>>;
}

/** What an account is made from. */
export interface AccountOptions {
  readonly clock: SimulatorClock;
  readonly random: Random;
  readonly home: Home;
  /** Where queue URLs point to. */
  readonly endpoint: () => string;
  /** How rotation functions call the services. */
  readonly call: (service: ServiceName, operation: string, input: Input, role: string) => Promise<unknown>;
  /** Whether subscriptions of e-mail addresses wait to be confirmed. */
  readonly emailsArePending: boolean;
}

/** An empty account with all its services joined. */
export function createAccount(options: AccountOptions): Account {
  const { clock, random, home, call, emailsArePending } = options;
  const queues = new Queues(options);
  const functions = createFunctions(clock, home, random.uuid);
  const eventBridge = createEventBridge({ clock, random, home, queues, functions });
  const sns = createSns({ clock, random, home, queues, functions, emailsArePending });
  const cloudWatch = createCloudWatch(clock);
  const dynamoDb = createDynamoDb(home);
  const secretsManager = createSecretsManager({
    clock,
    random,
    home,
    emit: eventBridge.emit,
    callAs: (role, operation, input) => call('secretsmanager', operation, input, role),
  });
  const services: Record<ServiceName, Service> = {
    secretsmanager: secretsManager,
    events: eventBridge,
    sqs: createSqs(queues, clock instanceof VirtualClock ? () => undefined : longPoll(clock)),
    sns,
    monitoring: cloudWatch,
    sts: createSts(),
    lambda: createLambda(functions, rotationFunctions(secretsManager)),
    dynamodb: dynamoDb,
    ssm: createSsm(home),
  };
  return { secretsManager, eventBridge, sns, cloudWatch, dynamoDb, queues, functions, services };
}

function rotationFunctions({ functions, invoke }: SecretsManager): RotationInvoker {
  const has = (nameOrArn: string): boolean => {
    const found = functions.find(nameOrArn);
    return found !== undefined && found.presence !== 'gone';
  };
  return { has, invoke };
}

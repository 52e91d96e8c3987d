import type { Random } from './call/random.ts';
import type { EmitEvent, Home, Input, Service, ServiceName } from './call/service.ts';
import { type CloudTrail, createCloudTrail } from './cloudtrail/cloudtrail.ts';
import { type CloudWatch, createCloudWatch } from './cloudwatch/cloudwatch.ts';
import { countedCalls } from './cloudwatch/metrics/counted-calls.ts';
import { createDynamoDb, type DynamoDb } from './dynamodb/dynamodb.ts';
import { createEventBridge, type EventBridge } from './eventbridge/event-bridge.ts';
import { createIam } from './iam/iam.ts';
import { createKms, type Kms } from './kms/kms.ts';
import { FunctionLogs } from './lambda/function-logs.ts';
import { FunctionResources } from './lambda/function-resources.ts';
import { createFunctions, type Functions } from './lambda/functions.ts';
import { noteInvocation } from './lambda/invocation-metrics.ts';
import { createLambda, type RotationInvoker } from './lambda/lambda.ts';
import { LogGroups } from './logs/log-groups.ts';
import { createLogs } from './logs/logs.ts';
import { createOrganizations } from './organizations/organizations.ts';
import { masterSecrets } from './rds/master-secrets.ts';
import { createRds, type Rds } from './rds/rds.ts';
import { createS3, type S3 } from './s3/s3.ts';
import { createScheduler, type Scheduler } from './scheduler/scheduler.ts';
import { createSecretsManager, type SecretsManager } from './secrets-manager/secrets-manager.ts';
import { createSecurityHub, type SecurityHub } from './security-hub/security-hub.ts';
import type { HttpPost } from './sns/http-post.ts';
import { createSns, type Sns } from './sns/sns.ts';
import { longPoll } from './sqs/long-poll.ts';
import { Queues } from './sqs/queues.ts';
import { createSqs } from './sqs/sqs.ts';
import { createSsm } from './ssm/ssm.ts';
import { createSts } from './sts/sts.ts';
import type { SimulatorClock } from './time/clock.ts';
import type { World } from './world.ts';

/** The parts of the simulated account that tests and scenarios take hold of, beside the services' APIs. */
export interface Account {
  readonly secretsManager: SecretsManager;
  readonly eventBridge: EventBridge;
  readonly sns: Sns;
  readonly cloudWatch: CloudWatch;
  readonly cloudTrail: CloudTrail;
  readonly dynamoDb: DynamoDb;
  readonly queues: Queues;
  readonly functions: Functions;
  /** Lambda's facts about functions, and the concurrency they share. */
  readonly functionResources: FunctionResources;
  readonly logGroups: LogGroups;
  readonly kms: Kms;
  readonly rds: Rds;
  readonly scheduler: Scheduler;
  readonly securityHub: SecurityHub;
  readonly s3: S3;
  readonly services: Readonly<Record<ServiceName, Service>>;
}

/** Options of an account. */
export interface AccountOptions {
  readonly clock: SimulatorClock;
  readonly random: Random;
  /** Decides when within their minute schedules run. */
  readonly schedulingRandom: Random;
  readonly home: Home;
  /** State shared with other accounts and regions. */
  readonly world: World;
  /** Returns the base of queue URLs. */
  readonly endpoint: () => string;
  /** Carries out the calls of rotation functions to the services. */
  readonly call: (service: ServiceName, operation: string, input: Input, role: string) => Promise<unknown>;
  /** Whether subscriptions of e-mail addresses wait to be confirmed. */
  readonly emailsArePending: boolean;
  /** Posts to the subscribers of topics over HTTP. */
  readonly post: HttpPost;
}

/** An empty account with all its services joined. */
export function createAccount(options: AccountOptions): Account {
  const { clock, random, home, world, call } = options;
  const queues = new Queues(options);
  const functions = createFunctions({
    clock,
    home,
    uuid: random.uuid,
    onInvocation: (invocation) => noteInvocation(cloudWatch, clock)(invocation),
  });
  const announce = (topicArn: string, message: string) => sns.announce(topicArn, message);
  const eventBridge = createEventBridge({ ...options, queues, functions, forward: world.forward, announce });
  const endpoint = () => options.endpoint().replace('https://sqs.', 'https://sns.');
  const sns = createSns({ ...options, queues, functions, endpoint });
  const scheduler = createScheduler({ clock, random: options.schedulingRandom, home, queues, functions });
  const cloudWatch = createCloudWatch({
    clock,
    home,
    queues,
    publish: (publication) => call('sns', 'Publish', { ...publication }, 'cloudwatch'),
  });
  const cloudTrail = createCloudTrail(home);
  const emit: EmitEvent = (event) => {
    cloudTrail.note(event);
    return eventBridge.emit(event);
  };
  const resources = new FunctionResources(clock, home);
  const logGroups = new LogGroups();
  const dynamoDb = createDynamoDb();
  const kms: Kms = createKms({
    home,
    now: () => clock.now(),
    inUse: () => secretsManager.keyIds(),
  });
  const secretsManager = createSecretsManager({
    clock,
    random,
    home,
    emit,
    resources,
    logs: new FunctionLogs(logGroups, resources, clock),
    keys: kms,
    noteRead: cloudTrail.noteRead,
    onInvocation: noteInvocation(cloudWatch, clock),
    callAs: (role, operation, input) => call('secretsmanager', operation, input, role),
  });
  const rds = createDatabases(options, secretsManager);
  const reporting = { securityHub: createSecurityHub(), s3: createS3(random) };
  const services: Record<ServiceName, Service> = {
    secretsmanager: countedCalls(secretsManager, cloudWatch.vended.secretsManagerCalled),
    events: eventBridge,
    sqs: createSqs(queues, longPoll(clock)),
    sns,
    monitoring: cloudWatch,
    lambda: createLambda({ functions, rotation: rotationFunctions(secretsManager), resources, emit }),
    cloudtrail: cloudTrail,
    dynamodb: dynamoDb,
    scheduler,
    kms,
    rds,
    ...servicesAlone(options, { logGroups, ...reporting }),
  };
  const parts = { secretsManager, eventBridge, sns, cloudWatch, cloudTrail, dynamoDb, queues, functions };
  return { ...parts, ...reporting, functionResources: resources, logGroups, kms, rds, scheduler, services };
}

/** The services that know nothing of the others. */
const servicesAlone = (
  { home, world }: AccountOptions,
  { logGroups, securityHub, s3 }: Pick<Account, 'logGroups' | 'securityHub' | 's3'>,
): Record<'sts' | 'organizations' | 'ssm' | 'logs' | 'iam' | 'securityhub' | 's3', Service> => ({
  sts: createSts(world),
  organizations: createOrganizations(world.organization),
  ssm: createSsm(home),
  logs: createLogs(logGroups, home),
  iam: createIam(world.roles),
  securityhub: securityHub,
  s3,
});

/** The databases that secrets log in to. */
function createDatabases({ clock, home, random, call }: AccountOptions, secretsManager: SecretsManager): Rds {
  const secrets = masterSecrets(secretsManager, random.uuid, (operation, input, role) =>
    call('secretsmanager', operation, input, role),
  );
  return createRds({ home, now: () => clock.now(), uuid: random.uuid, secrets });
}

const rotationFunctions = ({ functions, invoke }: SecretsManager): RotationInvoker => ({
  has: (nameOrArn) => functions.exists(nameOrArn),
  invoke,
});

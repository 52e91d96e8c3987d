import { deployedStatements } from '../../src/proving/player/deployed-statements.ts';
import { packedTemplate, planMonitor } from '../../src/proving/player/monitor.ts';

/** Clients that a handler cannot do without, beside Lambda itself. */
export type ClientPackage =
  | 'cloudtrail'
  | 'cloudwatch'
  | 'dynamodb'
  | 'eventbridge'
  | 'lambda'
  | 's3'
  | 'scheduler'
  | 'secrets-manager'
  | 'sns'
  | 'sqs'
  | 'ssm';

/** The class of each client, with the commands that a handler sends with it. */
export const CLIENTS: Readonly<Record<ClientPackage, readonly string[]>> = {
  cloudtrail: ['CloudTrailClient', 'LookupEventsCommand'],
  cloudwatch: ['CloudWatchClient', 'GetMetricDataCommand'],
  dynamodb: ['DynamoDBClient', 'GetItemCommand', 'PutItemCommand', 'UpdateItemCommand', 'QueryCommand'],
  eventbridge: ['EventBridgeClient', 'PutEventsCommand'],
  lambda: ['LambdaClient', 'GetFunctionConfigurationCommand', 'GetPolicyCommand'],
  s3: ['S3Client', 'GetObjectCommand', 'ListObjectVersionsCommand', 'PutObjectCommand'],
  scheduler: ['SchedulerClient', 'CreateScheduleCommand'],
  'secrets-manager': [
    'SecretsManagerClient',
    'DescribeSecretCommand',
    'ListSecretsCommand',
    'ListSecretVersionIdsCommand',
  ],
  sns: ['SNSClient', 'PublishCommand'],
  sqs: ['SQSClient', 'SendMessageCommand'],
  ssm: ['SSMClient', 'GetParameterCommand'],
};

/** Prefixes of IAM actions whose clients have other names. */
const OTHERWISE: Readonly<Record<string, string>> = {
  events: 'eventbridge',
  secretsmanager: 'secrets-manager',
};

const HOME = { account: '111122223333', region: 'eu-west-1' };
const PLAN = planMonitor(HOME, { template: packedTemplate('home-full') });
const STATEMENTS = deployedStatements(PLAN.resources).filter(({ effect }) => effect === 'Allow');

const isClient = (name: string): name is ClientPackage => Object.hasOwn(CLIENTS, name);

/** The clients of a handler in a deployment that has everything switched on: those of the services that it may call. */
export function neededClients(handler: string): readonly ClientPackage[] {
  const { role } = PLAN.functionOf(handler);
  const prefixes = STATEMENTS.filter((each) => each.role === role)
    .flatMap(({ actions }) => actions)
    .map((action) => action.split(':')[0] ?? '');
  return [...new Set(prefixes.map((prefix) => OTHERWISE[prefix] ?? prefix))].filter(isClient).sort();
}

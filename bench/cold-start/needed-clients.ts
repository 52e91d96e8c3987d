/** What a handler cannot do without, beside Lambda itself. */
export type ClientPackage =
  | 'cloudtrail'
  | 'cloudwatch'
  | 'dynamodb'
  | 'eventbridge'
  | 'lambda'
  | 'scheduler'
  | 'secrets-manager'
  | 'sns'
  | 'sqs'
  | 'ssm';

/** Of each client its class and the commands that a handler sends with it. */
export const CLIENTS: Readonly<Record<ClientPackage, readonly string[]>> = {
  cloudtrail: ['CloudTrailClient', 'LookupEventsCommand'],
  cloudwatch: ['CloudWatchClient', 'GetMetricDataCommand'],
  dynamodb: ['DynamoDBClient', 'GetItemCommand', 'PutItemCommand', 'UpdateItemCommand', 'QueryCommand'],
  eventbridge: ['EventBridgeClient', 'PutEventsCommand'],
  lambda: ['LambdaClient', 'GetFunctionConfigurationCommand', 'GetPolicyCommand'],
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

/** To look at a secret, to say what is wrong with it, and to come back to it. */
const CHECKING: readonly ClientPackage[] = [
  'cloudtrail',
  'cloudwatch',
  'dynamodb',
  'eventbridge',
  'lambda',
  'scheduler',
  'secrets-manager',
  'sqs',
];

/** The clients without which a handler cannot do its work in a deployment that has everything switched on. */
export const NEEDED: Readonly<Record<string, readonly ClientPackage[]>> = {
  acknowledge: ['dynamodb', 'secrets-manager'],
  'canary-rotation': ['secrets-manager'],
  'canary-tick': ['secrets-manager'],
  'check-secret': CHECKING,
  deliver: ['dynamodb', 'sns', 'sqs'],
  'notify-slack': ['dynamodb', 'sns', 'sqs', 'ssm'],
  'on-label-updated': CHECKING,
  'on-rotation-event': CHECKING,
  'open-alerts-widget': ['dynamodb', 'secrets-manager'],
  'sweep-target': CHECKING,
  sweep: [...CHECKING, 'sns'],
};

import { Aws, Token } from 'aws-cdk-lib';
import { Effect, PolicyStatement, type PolicyStatementProps } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

type Conditions = NonNullable<PolicyStatementProps['conditions']>;

/** A statement that allows some actions. */
export const allow = (
  sid: string,
  actions: readonly string[],
  { resources, conditions = {} }: { resources: readonly string[]; conditions?: Conditions },
): PolicyStatement =>
  new PolicyStatement({
    sid,
    effect: Effect.ALLOW,
    actions: [...actions],
    resources: [...resources],
    conditions,
  });

const OWN_REGION: Conditions = { StringEquals: { 'aws:RequestedRegion': Aws.REGION } };

/** Denies the values of secrets, whatever else a role is given. */
export const neverReadValues = (): PolicyStatement =>
  new PolicyStatement({
    sid: 'NeverReadValues',
    effect: Effect.DENY,
    actions: ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'],
    resources: ['*'],
  });

/** Every function writes a log, its metrics included. */
export const writeLog = ({ logGroupArn }: ILogGroup): PolicyStatement =>
  allow('WriteLog', ['logs:CreateLogStream', 'logs:PutLogEvents'], { resources: [logGroupArn] });

/** Allows operations on the items of the table. */
export const remember = (
  { tableArn }: { readonly tableArn: string },
  ...operations: readonly ('GetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'Query')[]
): PolicyStatement =>
  allow(
    'Remember',
    operations.map((operation) => `dynamodb:${operation}`),
    { resources: [tableArn] },
  );

/** Allows reading the leases of consumers. */
export const readLeases = ({ tableArn }: { readonly tableArn: string }): PolicyStatement =>
  allow('ReadLeases', ['dynamodb:Query'], { resources: [tableArn] });

/** Allows finding open alerts and unsent notifications. */
export const searchIndexes = (...indexArns: readonly string[]): PolicyStatement =>
  allow('SearchIndexes', ['dynamodb:Query'], { resources: indexArns });

/** Allows waking the delivery of waiting notifications. */
export const wakeDelivery = ({ queueArn }: IQueue): PolicyStatement =>
  allow('WakeDelivery', ['sqs:SendMessage'], { resources: [queueArn] });

/** Allows handing a sweep over to another invocation. */
export const handOver = ({ queueArn }: IQueue): PolicyStatement =>
  allow('HandOver', ['sqs:SendMessage'], { resources: [queueArn] });

/** Allows putting failed messages aside. */
export const putAside = ({ queueArn }: IQueue): PolicyStatement =>
  allow('PutAside', ['sqs:SendMessage'], { resources: [queueArn] });

/** Allows Lambda to feed a function from a queue. */
export const takeFrom = ({ queueArn }: IQueue): PolicyStatement =>
  allow('Take', ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], {
    resources: [queueArn],
  });

/** Allows having a message back later than the queue would hand it out. */
export const postpone = ({ queueArn }: IQueue): PolicyStatement =>
  allow('Postpone', ['sqs:ChangeMessageVisibility'], { resources: [queueArn] });

/** Allows starting a function. */
export const invoke = (functionArn: string): PolicyStatement =>
  allow('Invoke', ['lambda:InvokeFunction'], { resources: [functionArn] });

/** Allows having a secret checked at its deadline. */
export const createSchedules = (schedulesArn: string): PolicyStatement =>
  allow('CreateSchedules', ['scheduler:CreateSchedule'], {
    resources: [schedulesArn],
    conditions: OWN_REGION,
  });

/** Allows naming the role that a schedule runs with. */
export const passToScheduler = (roleArn: string): PolicyStatement =>
  allow('PassRole', ['iam:PassRole'], {
    resources: [roleArn],
    conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
  });

/** Allows notifying people. */
export const publishTo = (...topics: readonly ITopic[]): PolicyStatement =>
  allow('Publish', ['sns:Publish'], { resources: topics.map(({ topicArn }) => topicArn) });

/** Allows counting the messages that were put aside. */
export const countMessages = (...queues: readonly IQueue[]): PolicyStatement =>
  allow('CountMessages', ['sqs:GetQueueAttributes'], { resources: queues.map(({ queueArn }) => queueArn) });

/** Allows finding the messages that came from a queue. */
export const lookAtDeadLetters = (...queues: readonly IQueue[]): PolicyStatement =>
  allow('LookAtDeadLetters', ['sqs:ReceiveMessage'], { resources: queues.map(({ queueArn }) => queueArn) });

/** Allows taking those out of their dead-letter queue. */
export const takeDeadLetters = ({ queueArn }: IQueue): PolicyStatement =>
  allow('TakeDeadLetters', ['sqs:DeleteMessage'], { resources: [queueArn] });

/** Allows having a message tried once more. */
export const driveOn = (...queues: readonly IQueue[]): PolicyStatement =>
  allow('DriveOn', ['sqs:SendMessage'], { resources: queues.map(({ queueArn }) => queueArn) });

/** Allows counting the subscriptions. */
export const countSubscriptions = (...topics: readonly ITopic[]): PolicyStatement =>
  allow('CountSubscriptions', ['sns:GetTopicAttributes'], {
    resources: topics.map(({ topicArn }) => topicArn),
  });

/** Allows notifying applications, under our own name only. */
export const putEvents = (busArn: string, source: string): PolicyStatement =>
  allow('TellApplications', ['events:PutEvents'], {
    resources: [busArn],
    conditions: { StringEquals: { 'events:source': source } },
  });

/** Allows reading an address that a service outside AWS gave us. */
export const readParameter = (name: string): PolicyStatement =>
  allow('ReadAddress', ['ssm:GetParameter'], { resources: [parameterArn(name)] });

/**
 * Allows decrypting a parameter whose key is not the one that AWS manages; that one lets the whole account in.
 * https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
 */
export const decryptParameter = ({ keyArn }: IKey, name: string): PolicyStatement =>
  allow('DecryptAddress', ['kms:Decrypt'], {
    resources: [keyArn],
    conditions: { StringEquals: { 'kms:EncryptionContext:PARAMETER_ARN': parameterArn(name) } },
  });

/** Returns the ARN of a parameter. A name known only at deployment has to begin with a slash. */
function parameterArn(name: string): string {
  const slash = name.startsWith('/') || Token.isUnresolved(name) ? '' : '/';
  return `arn:${Aws.PARTITION}:ssm:${Aws.REGION}:${Aws.ACCOUNT_ID}:parameter${slash}${name}`;
}

/** Allows using encrypted queues and topics, through SQS and SNS alone. */
export const useKeyForMessages = ({ keyArn }: IKey): PolicyStatement =>
  allow('UseKeyForMessages', ['kms:Decrypt', 'kms:GenerateDataKey'], {
    resources: [keyArn],
    conditions: via('sqs', 'sns'),
  });

/**
 * Allows using the encrypted table, through DynamoDB alone.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
export const useKeyForTable = ({ keyArn }: IKey): PolicyStatement =>
  allow(
    'UseKeyForTable',
    ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'ReEncryptTo'].map(
      (action) => `kms:${action}`,
    ),
    { resources: [keyArn], conditions: via('dynamodb') },
  );

const via = (...services: readonly string[]): Conditions => ({
  StringEquals: { 'kms:ViaService': services.map((service) => `${service}.${Aws.REGION}.amazonaws.com`) },
});

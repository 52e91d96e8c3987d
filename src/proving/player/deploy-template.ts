import * as z from 'zod';
import type { Simulator } from '../../simulator/simulator.ts';
import { deployAlarm, deployDashboard } from './deploy-alarms.ts';
import { deployBus, deployBusPolicy, deployRule, mustAdmit } from './deploy-events.ts';
import { deployRole } from './deploy-role.ts';
import { deployPermission, deployRotation, deploySecret } from './deploy-rotations.ts';
import { ofType } from './deployed-resources.ts';
import { deployedStatements } from './deployed-statements.ts';
import { type Enforcement, enforce } from './enforce.ts';
import { type FunctionSeams, runFunction } from './run-functions.ts';
import type { TemplateResource } from './template.ts';

type Resources = readonly TemplateResource[];
type Deploy = (simulator: Simulator, resource: TemplateResource, all: Resources) => Promise<void>;

const call = (
  simulator: Simulator,
  service: Parameters<Simulator['call']>[0],
  operation: string,
  input: object,
) => simulator.call(service, operation, { ...input }, 'cloudformation');

const queue: Deploy = async (simulator, { id, properties }) => {
  const { VisibilityTimeout, MessageRetentionPeriod, RedrivePolicy, KmsMasterKeyId } = properties;
  const Attributes = {
    ...(VisibilityTimeout === undefined ? {} : { VisibilityTimeout: String(VisibilityTimeout) }),
    ...(MessageRetentionPeriod === undefined
      ? {}
      : { MessageRetentionPeriod: String(MessageRetentionPeriod) }),
    ...(RedrivePolicy === undefined ? {} : { RedrivePolicy: JSON.stringify(RedrivePolicy) }),
    ...(KmsMasterKeyId === undefined ? {} : { KmsMasterKeyId: String(KmsMasterKeyId) }),
  };
  await call(simulator, 'sqs', 'CreateQueue', { QueueName: id, Attributes });
};

const table: Deploy = async (simulator, { id, properties }) => {
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, BillingMode, TimeToLiveSpecification } =
    properties;
  const definition = { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, BillingMode };
  await call(simulator, 'dynamodb', 'CreateTable', { TableName: id, ...definition });
  if (TimeToLiveSpecification === undefined) return;
  await call(simulator, 'dynamodb', 'UpdateTimeToLive', { TableName: id, TimeToLiveSpecification });
};

const queuePolicySchema = z.object({ Queues: z.array(z.string()), PolicyDocument: z.looseObject({}) });

const queuePolicy: Deploy = async (simulator, { properties }) => {
  const { Queues, PolicyDocument } = queuePolicySchema.parse(properties);
  for (const QueueUrl of Queues)
    await call(simulator, 'sqs', 'SetQueueAttributes', {
      QueueUrl,
      Attributes: { Policy: JSON.stringify(PolicyDocument) },
    });
};

const topic: Deploy = async (simulator, { id, properties: { KmsMasterKeyId } }) => {
  const answer = await call(simulator, 'sns', 'CreateTopic', { Name: id });
  const { TopicArn } = z.object({ TopicArn: z.string() }).parse(answer);
  if (KmsMasterKeyId !== undefined)
    await setTopicAttribute(simulator, TopicArn, 'KmsMasterKeyId', String(KmsMasterKeyId));
};

const topicPolicySchema = z.object({ Topics: z.array(z.string()), PolicyDocument: z.looseObject({}) });

const topicPolicy: Deploy = async (simulator, { properties }) => {
  const { Topics, PolicyDocument } = topicPolicySchema.parse(properties);
  for (const arn of Topics) await setTopicAttribute(simulator, arn, 'Policy', JSON.stringify(PolicyDocument));
};

const setTopicAttribute = (
  simulator: Simulator,
  TopicArn: string,
  AttributeName: string,
  AttributeValue: string,
) => call(simulator, 'sns', 'SetTopicAttributes', { TopicArn, AttributeName, AttributeValue });

const key: Deploy = async ({ kms }, { id, properties }) => kms.setPolicy(id, properties['KeyPolicy']);

const logGroup: Deploy = async (simulator, { id }) => {
  await call(simulator, 'logs', 'CreateLogGroup', { logGroupName: id });
};

const subscriptionSchema = z.object({
  TopicArn: z.string(),
  Protocol: z.string(),
  Endpoint: z.string(),
  RawMessageDelivery: z.boolean().default(false),
  FilterPolicy: z.unknown().optional(),
});

const subscription: Deploy = async (simulator, { properties }, all) => {
  const { TopicArn, Protocol, Endpoint, RawMessageDelivery, FilterPolicy } =
    subscriptionSchema.parse(properties);
  if (Protocol === 'sqs')
    mustAdmit(all, { queueArn: Endpoint, service: 'sns.amazonaws.com', sourceArn: TopicArn });
  const Attributes = {
    ...(RawMessageDelivery ? { RawMessageDelivery: 'true' } : {}),
    ...(FilterPolicy === undefined ? {} : { FilterPolicy: JSON.stringify(FilterPolicy) }),
  };
  await call(simulator, 'sns', 'Subscribe', { TopicArn, Protocol, Endpoint, Attributes });
};

const feedSchema = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.number(),
  FunctionResponseTypes: z.array(z.string()).default([]),
});

const feed: Deploy = async (simulator, { properties }) => {
  const { EventSourceArn, FunctionName, BatchSize, FunctionResponseTypes } = feedSchema.parse(properties);
  simulator.mapEventSource({
    queue: EventSourceArn,
    functionName: FunctionName,
    batchSize: BatchSize,
    reportBatchItemFailures: FunctionResponseTypes.includes('ReportBatchItemFailures'),
  });
};

const scheduleGroup: Deploy = async (simulator, { id }) => {
  await call(simulator, 'scheduler', 'CreateScheduleGroup', { Name: id });
};

const schedule: Deploy = async (simulator, { id, properties }) => {
  await call(simulator, 'scheduler', 'CreateSchedule', { Name: id, ...properties });
};

const bucketSchema = z.object({
  VersioningConfiguration: z.object({ Status: z.literal('Enabled') }),
  ObjectLockEnabled: z.boolean().default(false),
});

const bucket: Deploy = async ({ s3 }, { id, properties }) => {
  const { ObjectLockEnabled } = bucketSchema.parse(properties);
  s3.buckets.create(id.toLowerCase(), { isVersioned: true, hasObjectLock: ObjectLockEnabled });
};

const parameter: Deploy = async (simulator, { properties }) => {
  const { Name, Type, Value } = properties;
  await call(simulator, 'ssm', 'PutParameter', { Name, Type, Value, Overwrite: true });
};

const retryAttemptsOf = (all: Resources, { properties }: TemplateResource): number => {
  const config = ofType(all, 'AWS::Lambda::EventInvokeConfig').find(
    (each) => each.properties['FunctionName'] === properties['FunctionName'],
  );
  return Number(config?.properties['MaximumRetryAttempts'] ?? 2);
};

/** Types in the order in which CloudFormation could make them; those without a step have no life of their own here. */
const steps = (given: FunctionSeams): readonly (readonly [string, Deploy | undefined])[] => [
  ['AWS::KMS::Key', key],
  ['AWS::IAM::Role', deployRole],
  ['AWS::IAM::Policy', undefined],
  ['AWS::Logs::LogGroup', logGroup],
  ['AWS::Lambda::EventInvokeConfig', undefined],
  ['AWS::DynamoDB::Table', table],
  ['AWS::SecretsManager::Secret', deploySecret],
  ['AWS::SQS::Queue', queue],
  ['AWS::SQS::QueuePolicy', queuePolicy],
  ['AWS::SNS::Topic', topic],
  ['AWS::SNS::TopicPolicy', topicPolicy],
  ['AWS::SNS::Subscription', subscription],
  ['AWS::S3::Bucket', bucket],
  ['AWS::S3::BucketPolicy', undefined],
  ['AWS::Events::EventBus', deployBus],
  ['AWS::Events::EventBusPolicy', deployBusPolicy],
  ['AWS::Events::Rule', deployRule],
  ['AWS::Scheduler::ScheduleGroup', scheduleGroup],
  [
    'AWS::Lambda::Function',
    (simulator, resource, all) =>
      runFunction(simulator, resource, { retryAttempts: retryAttemptsOf(all, resource), ...given }),
  ],
  ['AWS::SSM::Parameter', parameter],
  ['AWS::Lambda::Permission', deployPermission],
  ['AWS::Lambda::EventSourceMapping', feed],
  ['AWS::Scheduler::Schedule', schedule],
  ['AWS::CloudWatch::Alarm', deployAlarm('PutMetricAlarm')],
  ['AWS::CloudWatch::CompositeAlarm', deployAlarm('PutCompositeAlarm')],
  ['AWS::CloudWatch::Dashboard', deployDashboard],
  ['AWS::SecretsManager::RotationSchedule', deployRotation],
];

/** Options of a deployment. */
export interface DeployOptions extends FunctionSeams {
  /** The regions in which the roles act; where they are deployed when left out. */
  readonly regions?: readonly Simulator[];
}

/**
 * Deploys the resources of a template into the simulator as they stand; a type it does not know is an error. From then
 * on its roles may do what their policies say; what one of them tried beyond that is refused and kept.
 */
export async function deployTemplate(
  simulator: Simulator,
  resources: Resources,
  { regions = [simulator], ...given }: DeployOptions = {},
): Promise<Enforcement> {
  const order = steps(given);
  const unknown = resources.filter(({ type }) => !order.some(([each]) => each === type));
  if (unknown.length > 0) throw new Error(`Cannot deploy ${unknown.map(({ type }) => type).join(', ')}`);
  const statements = deployedStatements(resources);
  const enforcement = enforce(regions, statements);
  describeRoles(simulator, statements);
  for (const [type, deploy] of order) {
    for (const resource of deploy === undefined ? [] : ofType(resources, type))
      await deploy?.(simulator, resource, resources);
  }
  return enforcement;
}

/** Lets IAM say what the roles may do; {@link enforce} is what holds them to it. */
function describeRoles({ world, home }: Simulator, statements: ReturnType<typeof deployedStatements>): void {
  for (const role of new Set(statements.map((each) => each.role)))
    world.roles.describe(
      `arn:aws:iam::${home.account}:role/${role}`,
      statements.filter((each) => each.role === role),
    );
}

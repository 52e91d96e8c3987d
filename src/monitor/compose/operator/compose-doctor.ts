import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import {
  deployedFunction,
  functionProbe,
  namesOfMonitors,
} from '../../adapters/deployment/function-probe.ts';
import { policyProbe } from '../../adapters/deployment/policy-probe.ts';
import { queueProbe } from '../../adapters/deployment/queue-probe.ts';
import { recordProbe } from '../../adapters/deployment/record-probe.ts';
import { ruleProbe } from '../../adapters/deployment/rule-probe.ts';
import { topicProbe } from '../../adapters/deployment/topic-probe.ts';
import { trailProbe } from '../../adapters/deployment/trail-probe.ts';
import { lambdaFunctionInspector } from '../../adapters/lambda/lambda-function-inspector.ts';
import { secretsManagerCatalog } from '../../adapters/secrets-manager/secrets-manager-catalog.ts';
import type { Doctor } from '../../application/doctor/check.ts';
import type { MemberDoctor } from '../../application/doctor/member-checks.ts';
import { readConfig } from '../../config/read-config.ts';
import type { Config } from '../../config/settings.ts';
import type { Deployed, DeployedFunction } from '../../domain/doctor/deployed.ts';
import { DEPLOYED_HANDLERS } from '../../domain/doctor/deployed-handlers.ts';
import { joinedMember } from '../../domain/doctor/member.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeploymentProbe } from '../../ports/watch/deployment-probe.ts';
import type { Connected } from './compose-connection.ts';

/** The outcome of looking for a monitor: one, none, or several, of which the operator has to choose one. */
export type ComposedDoctor =
  | { readonly kind: 'ready'; readonly doctor: Doctor }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'several'; readonly names: readonly string[] };

/** Joins what the doctor looks with, for the monitor whose stack, or whose functions, begin with this name. */
export async function composeDoctor(
  { sdk, region }: Pick<Connected, 'sdk' | 'region'>,
  stackName: string,
  clock: Clock,
): Promise<ComposedDoctor> {
  const lambda = new LambdaClient(sdk);
  const names = await namesOfMonitors(lambda, stackName);
  const [name] = names;
  if (names.length > 1) return { kind: 'several', names };
  const deployed = name === undefined ? undefined : await deployedAs(lambda, name);
  if (deployed === undefined) return { kind: 'not-found' };
  const doctor: Doctor = {
    probe: deploymentProbe(sdk, region),
    catalog: secretsManagerCatalog(new SecretsManagerClient(sdk)),
    inspector: lambdaFunctionInspector(lambda),
    deployed,
    now: clock.now(),
  };
  return { kind: 'ready', doctor };
}

/** Joins what the doctor looks with in a member, whose rules show the monitor that it belongs to. */
export async function composeMemberDoctor(
  { sdk, region, identity }: Pick<Connected, 'sdk' | 'region' | 'identity'>,
  roleName: string,
  clock: Clock,
): Promise<MemberDoctor> {
  const probe = deploymentProbe(sdk, region);
  const { account, arn } = (await identity()) ?? UNKNOWN;
  const partition = arn.split(':')[1] ?? 'aws';
  return {
    probe,
    catalog: secretsManagerCatalog(new SecretsManagerClient(sdk)),
    inspector: lambdaFunctionInspector(new LambdaClient(sdk)),
    member: joinedMember({ account, region, partition, rules: await probe.rules(), roleName }),
    now: clock.now(),
  };
}

/** Stands for a caller whom STS does not name. */
const UNKNOWN = { account: '000000000000', arn: 'arn:aws:iam::000000000000:root' };

/** Looks at a deployment through the AWS SDK. */
export const deploymentProbe = (sdk: Connected['sdk'], region: string): DeploymentProbe => ({
  ...trailProbe(new CloudTrailClient(sdk), region),
  ...ruleProbe(new EventBridgeClient(sdk)),
  // The endpoint of AWS_ENDPOINT_URL counts more than the host in the URL of a queue.
  ...queueProbe(new SQSClient({ ...sdk, useQueueUrlAsEndpoint: false })),
  ...topicProbe(new SNSClient(sdk)),
  ...functionProbe(new LambdaClient(sdk)),
  ...policyProbe(new IAMClient(sdk), new KMSClient(sdk), region),
  ...recordProbe(new CloudWatchClient(sdk), new CloudWatchLogsClient(sdk)),
});

/** A deployment is what the environments of its functions say together. */
async function deployedAs(lambda: LambdaClient, name: string): Promise<Deployed | undefined> {
  const handlers = Object.keys(DEPLOYED_HANDLERS);
  const found = await Promise.all(handlers.map((handler) => deployedFunction(lambda, `${name}-${handler}`)));
  const functions = found.filter((each) => each !== undefined);
  if (functions.length === 0) return undefined;
  const environment = Object.assign({}, ...functions.map((each) => each.environment));
  return deployedIn(readConfig(environment), name, functions);
}

const deployedIn = (config: Config, name: string, functions: readonly DeployedFunction[]): Deployed => ({
  account: config.accountId,
  region: config.region,
  name,
  functions,
  topics: topicsIn(config),
  deadLetterQueueUrls: config.deadLetterQueueUrls,
  deliveryQueueUrl: config.deliveryQueueUrl,
  tableName: config.tableName,
  metricsNamespace: config.metricsNamespace,
  sweepIntervalMs: config.sweepIntervalMs,
  auditEveryMs: config.auditEveryMs,
  hasCanary: config.canarySecretArn !== undefined,
  hasMembers: config.members.length > 0,
});

const topicsIn = (config: Config): Deployed['topics'] => ({
  alerts: config.alertTopicArn,
  ...(config.escalationTopicArn === undefined ? {} : { escalations: config.escalationTopicArn }),
  ...(config.healthTopicArn === undefined ? {} : { health: config.healthTopicArn }),
  ...(config.qTopicArn === undefined ? {} : { 'amazon-q': config.qTopicArn }),
  ...(config.chatTopicArn === undefined ? {} : { chat: config.chatTopicArn }),
});

import type { Home } from '../../simulator/call/service.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { queueUrl, redrivePolicy } from './environment.ts';

/** A Slack that the embedded deployment posts to. */
export interface EmbeddedSlack {
  /** Address of the incoming webhook. */
  readonly webhookUrl: string;
}

const CHAT = 'rotation-chat';
const WEBHOOK = '/rotation-monitor/slack-webhook';

/** The environment variables that the path to Slack needs. */
export const slackEnvironment = (home: Home): Readonly<Record<string, string>> => ({
  ROTATION_MONITOR_CHAT_TOPIC_ARN: topicArn(home),
  ROTATION_MONITOR_CHAT_QUEUE_URL: queueUrl(home, CHAT),
  ROTATION_MONITOR_SLACK_WEBHOOK_PARAMETER: WEBHOOK,
});

const topicArn = ({ account, region }: Home): string => `arn:aws:sns:${region}:${account}:${CHAT}`;

/** Creates what infra would deploy between the alerts and Slack: topic, queue and parameter. */
export async function createSlackPath(simulator: Simulator, { webhookUrl }: EmbeddedSlack): Promise<void> {
  const { account, region } = simulator.home;
  const queueArn = `arn:aws:sqs:${region}:${account}:${CHAT}`;
  const RedrivePolicy = redrivePolicy(simulator.home);
  await simulator.call(
    'ssm',
    'PutParameter',
    { Name: WEBHOOK, Type: 'SecureString', Value: webhookUrl },
    'deployer',
  );
  await simulator.call('sqs', 'CreateQueue', { QueueName: CHAT, Attributes: { RedrivePolicy } }, 'deployer');
  await simulator.call('sns', 'CreateTopic', { Name: CHAT }, 'deployer');
  const Attributes = { RawMessageDelivery: 'true' };
  const subscription = {
    TopicArn: topicArn(simulator.home),
    Protocol: 'sqs',
    Endpoint: queueArn,
    Attributes,
  };
  await simulator.call('sns', 'Subscribe', subscription, 'deployer');
}

/** Lets the chat queue feed the function that posts to Slack. */
export const mapChatQueue = (simulator: Simulator): void =>
  void simulator.mapEventSource({ queue: CHAT, functionName: 'notify-slack', reportBatchItemFailures: true });

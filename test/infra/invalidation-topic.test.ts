import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, onTestFinished, test } from 'vitest';
import { SecretCache } from '../../client/src/cache/secret-cache.ts';
import { listenForRotations } from '../../client/src/invalidation/listener.ts';
import { InvalidationTopic, type InvalidationTopicProps } from '../../infra/rotation-monitor.ts';
import { deployTemplate } from '../../src/proving/player/deploy-template.ts';
import { ofType, PLACE } from '../../src/proving/player/deployed-resources.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { RealClock } from '../../src/simulator/time/clock.ts';
import { aMove, until } from '../client/support/listening.ts';
import { sdk } from '../support/simulated.ts';
import { deployedResources } from '../support/template/deployed-resources.ts';

const HOME = { account: '111122223333', region: 'eu-west-1' };

function aStack(props: Partial<InvalidationTopicProps> = {}) {
  const stack = new Stack(new App(), 'applications', { env: HOME });
  const applicationBus = EventBus.fromEventBusName(stack, 'Bus', 'applications');
  const assumedBy = new ServicePrincipal('ecs-tasks.amazonaws.com');
  const topic = new InvalidationTopic(stack, 'Rotations', { applicationBus, assumedBy, ...props });
  return { stack, topic };
}

test('cdk-nag has nothing to say but about wildcards of the role', () => {
  const { stack } = aStack();
  const app = App.of(stack);
  if (!App.isApp(app)) throw new Error('The stack has no app');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  let found = '';
  try {
    app.synth();
  } catch (error) {
    found = String(error);
  }
  expect(new Set(found.match(/AwsSolutions-[A-Z]+\d+/g))).toEqual(new Set(['AwsSolutions-IAM5']));
});

test('a role may use queues of the prefix and subscribe them to the topic alone', () => {
  const { stack } = aStack({ queuePrefix: 'orders-' });
  const [policy] = ofType(deployedResources(stack), 'AWS::IAM::Policy');
  const queues = 'arn:aws:sqs:eu-west-1:111122223333:orders-*';
  expect(policy?.properties['PolicyDocument']).toMatchObject({
    Statement: [
      { Resource: queues, Action: expect.arrayContaining(['sqs:CreateQueue', 'sqs:ReceiveMessage']) },
      {
        Action: 'sns:Subscribe',
        Resource: expect.stringMatching(/^arn:aws:sns:/),
        Condition: { StringEquals: { 'sns:Protocol': 'sqs' }, StringLike: { 'sns:Endpoint': queues } },
      },
      {
        Action: ['sqs:ListQueues', 'sns:Unsubscribe'],
        Resource: '*',
        Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
      },
    ],
  });
});

test('without a principal no role is made, and one that is there can be let in', () => {
  const stack = new Stack(new App(), 'applications', { env: HOME });
  const applicationBus = EventBus.fromEventBusName(stack, 'Bus', 'applications');
  const topic = new InvalidationTopic(stack, 'Rotations', { applicationBus });
  expect(topic.role).toBeUndefined();
  const role = new Role(stack, 'Task', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
  topic.grantListen(role).assertSuccess();
  expect(ofType(deployedResources(stack), 'AWS::IAM::Policy')).toHaveLength(1);
});

test.each(['', 'a b', 'x'.repeat(41), 'orders-*'])('queues cannot begin with "%s"', (queuePrefix) => {
  expect(() => aStack({ queuePrefix })).toThrow('1 to 40 letters');
});

test('deployed, it brings a move from the bus to a process with the rights of the role, and nothing is refused', async () => {
  const { stack, topic } = aStack();
  const simulator = createSimulator({ clock: new RealClock(), seed: 1, ...HOME });
  onTestFinished(() => simulator.close());
  await simulator.call('events', 'CreateEventBus', { Name: 'applications' }, 'owner');
  const resources = deployedResources(stack, { ...PLACE, ...HOME });
  const { refused } = await deployTemplate(simulator, resources);
  const [role] = ofType(resources, 'AWS::IAM::Role');
  const config = sdk(simulator, role?.id ?? '');
  const owner = new SecretsManagerClient(sdk(simulator, 'owner'));
  const { ARN = '' } = await owner.send(
    new CreateSecretCommand({ Name: 'orders/db', SecretString: 'first' }),
  );
  const cache = new SecretCache({ client: new SecretsManagerClient(sdk(simulator, 'reader')) });
  const [{ id: topicName = '' } = {}] = ofType(resources, 'AWS::SNS::Topic');
  const listener = listenForRotations({
    cache,
    topicArn: `arn:aws:sns:eu-west-1:111122223333:${topicName}`,
    queuePrefix: topic.queuePrefix,
    sqs: new SQSClient(config),
    sns: new SNSClient(config),
  });
  await cache.get('orders/db');
  await listener.ready();
  const put = await owner.send(new PutSecretValueCommand({ SecretId: ARN, SecretString: 'second' }));
  const event = JSON.parse(aMove(ARN, put.VersionId ?? '')) as { source: string; detail: object };
  const entry = { EventBusName: 'applications', Source: event.source, DetailType: 'Secret Version Current' };
  await simulator.call(
    'events',
    'PutEvents',
    { Entries: [{ ...entry, Detail: JSON.stringify(event.detail) }] },
    'monitor',
  );
  await until(() => listener.stats().confirmed === 1);
  expect((await cache.get('orders/db')).SecretString).toBe('second');
  await listener.close();
  await cache.close();
  expect([...refused]).toEqual([]);
  expect(simulator.queues.all().map(({ name }) => name)).toEqual([expect.stringMatching(/Undelivered/)]);
});

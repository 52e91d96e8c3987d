import { describe } from 'vitest';
import { memoryDeploymentProbe } from '../../src/monitor/adapters/memory/watch/memory-deployment-probe.ts';
import { deploymentProbe } from '../../src/monitor/compose/operator/compose-doctor.ts';
import { aSimulator, sdk } from '../support/simulated.ts';
import { deploymentProbeContract, PATTERN, QUEUE, TARGET, TOPIC } from './deployment-probe.suite.ts';

const trail = { name: 'audit', isLogging: true, deliveryError: undefined } as const;

describe('in memory', () =>
  deploymentProbeContract(async () =>
    memoryDeploymentProbe({
      trails: [{ ...trail, coversRegion: true, managementEvents: 'all' }],
      feeds: { take: [{ queueArn: QUEUE, isEnabled: true }] },
      rules: [{ name: 'rotations', arn: 'arn:rule', isEnabled: true, pattern: PATTERN, targets: [TARGET] }],
      queues: [{ arn: QUEUE, messages: 0, policy: undefined, keyId: undefined }],
      topics: [
        {
          arn: TOPIC,
          subscriptions: [
            { protocol: 'email', endpoint: 'oncall@example.com', isConfirmed: true, filterPolicy: undefined },
          ],
          policy: undefined,
          keyId: undefined,
        },
      ],
      logGroups: ['/take'],
    }),
  ));

describe('through the AWS SDK', () =>
  deploymentProbeContract(async () => {
    const simulator = aSimulator();
    const call = (service: Parameters<typeof simulator.call>[0], operation: string, input: object) =>
      simulator.call(service, operation, { ...input }, 'cloudformation');
    simulator.cloudTrail.trails.set([
      { ...trail, isMultiRegion: true, homeRegion: 'us-east-1', managementEvents: 'All' },
    ]);
    await call('sqs', 'CreateQueue', { QueueName: 'events' });
    simulator.functions.register('take', () => undefined);
    simulator.mapEventSource({ queue: 'events', functionName: 'take' });
    await call('events', 'PutRule', { Name: 'rotations', EventPattern: PATTERN });
    await call('events', 'PutTargets', {
      Rule: 'rotations',
      Targets: [{ Id: 'queue', Arn: QUEUE, DeadLetterConfig: { Arn: TARGET.deadLetterArn } }],
    });
    await call('sns', 'CreateTopic', { Name: 'alerts' });
    await call('sns', 'Subscribe', { TopicArn: TOPIC, Protocol: 'email', Endpoint: 'oncall@example.com' });
    await call('logs', 'CreateLogGroup', { logGroupName: '/take' });
    return deploymentProbe(sdk(simulator), 'eu-west-1');
  }));

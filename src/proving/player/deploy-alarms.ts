import * as z from 'zod';
import type { Simulator } from '../../simulator/simulator.ts';
import { ofType } from './deployed-resources.ts';
import type { TemplateResource } from './template.ts';

type Resources = readonly TemplateResource[];

const statements = z.array(
  z.looseObject({
    Effect: z.string(),
    Principal: z.union([z.string(), z.looseObject({ Service: z.string().optional() })]),
    Action: z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat()),
  }),
);
const topicPolicy = z.object({
  Topics: z.array(z.string()),
  PolicyDocument: z.object({ Statement: statements }),
});
const key = z.object({ KeyPolicy: z.object({ Statement: statements }) });
const acting = z.object({
  AlarmActions: z.array(z.string()).default([]),
  OKActions: z.array(z.string()).default([]),
});

/** Puts an alarm, metric or composite, that may publish to every topic it names. */
export const deployAlarm =
  (operation: 'PutMetricAlarm' | 'PutCompositeAlarm') =>
  async (simulator: Simulator, { id, properties }: TemplateResource, all: Resources): Promise<void> => {
    const { AlarmActions, OKActions } = acting.parse(properties);
    for (const topicArn of [...AlarmActions, ...OKActions]) mustBeLetIn(all, topicArn);
    await simulator.call('monitoring', operation, { AlarmName: id, ...properties }, 'cloudformation');
  };

/** Puts a dashboard. */
export async function deployDashboard(simulator: Simulator, { properties }: TemplateResource): Promise<void> {
  await simulator.call('monitoring', 'PutDashboard', properties, 'cloudformation');
}

/** Throws unless the policies of the topic and of its key let CloudWatch publish. */
function mustBeLetIn(all: Resources, topicArn: string): void {
  const policies = ofType(all, 'AWS::SNS::TopicPolicy').map(({ properties }) =>
    topicPolicy.parse(properties),
  );
  const ofTopic = policies.filter(({ Topics }) => Topics.includes(topicArn));
  const ofKeys = ofType(all, 'AWS::KMS::Key').map(({ properties }) => key.parse(properties));
  const publishes = ofTopic.some(({ PolicyDocument }) => allowed(PolicyDocument.Statement, 'sns:Publish'));
  const encrypts = ofKeys.every(
    ({ KeyPolicy: { Statement } }) =>
      allowed(Statement, 'kms:Decrypt') && allowed(Statement, 'kms:GenerateDataKey'),
  );
  if (!publishes || !encrypts) throw new Error(`CloudWatch may not publish to ${topicArn}`);
}

const allowed = (policy: z.infer<typeof statements>, action: string): boolean =>
  policy.some(
    ({ Effect, Principal, Action }) =>
      Effect === 'Allow' &&
      typeof Principal === 'object' &&
      Principal.Service === 'cloudwatch.amazonaws.com' &&
      Action.includes(action),
  );

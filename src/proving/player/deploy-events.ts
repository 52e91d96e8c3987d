import * as z from 'zod';
import type { Simulator } from '../../simulator/simulator.ts';
import { ofType } from './deployed-resources.ts';
import { statementsOf } from './statements.ts';
import type { TemplateResource } from './template.ts';
import { trustOf } from './trust.ts';

type Resources = readonly TemplateResource[];

const busSchema = z.object({ Name: z.string() });
const policySchema = z.object({ EventBusName: z.string(), Statement: z.looseObject({}) });
const ruleSchema = z.object({
  EventBusName: z.string().optional(),
  EventPattern: z.unknown(),
  State: z.string(),
  Targets: z.array(
    z.looseObject({
      Id: z.string(),
      Arn: z.string(),
      RoleArn: z.string().optional(),
      DeadLetterConfig: z.object({ Arn: z.string() }),
    }),
  ),
});

type Target = z.infer<typeof ruleSchema>['Targets'][number];

/** Makes an event bus. */
export async function deployBus(simulator: Simulator, { properties }: TemplateResource): Promise<void> {
  await simulator.call('events', 'CreateEventBus', busSchema.parse(properties), 'cloudformation');
}

/** Says who may send to a bus; a bus has one statement. */
export async function deployBusPolicy(simulator: Simulator, { properties }: TemplateResource): Promise<void> {
  const { EventBusName, Statement } = policySchema.parse(properties);
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [Statement] });
  await simulator.call('events', 'PutPermission', { EventBusName, Policy }, 'cloudformation');
}

/** Makes a rule; throws where it could not reach a target or its dead-letter queue. */
export async function deployRule(
  simulator: Simulator,
  { id, properties }: TemplateResource,
  all: Resources,
): Promise<void> {
  const { EventBusName, EventPattern, State, Targets } = ruleSchema.parse(properties);
  const { account, region } = simulator.home;
  const path = EventBusName === undefined ? id : `${EventBusName}/${id}`;
  const sourceArn = `arn:aws:events:${region}:${account}:rule/${path}`;
  for (const target of Targets) mustReach(all, target, sourceArn);
  const onBus = EventBusName === undefined ? {} : { EventBusName };
  const rule = { ...onBus, Name: id, EventPattern: JSON.stringify(EventPattern), State };
  await simulator.call('events', 'PutRule', rule, 'cloudformation');
  await simulator.call('events', 'PutTargets', { ...onBus, Rule: id, Targets }, 'cloudformation');
}

function mustReach(all: Resources, { Arn, RoleArn = '', DeadLetterConfig }: Target, sourceArn: string): void {
  mustAdmit(all, { queueArn: DeadLetterConfig.Arn, service: 'events.amazonaws.com', sourceArn });
  if (Arn.startsWith('arn:aws:sns:')) {
    if (!topicAdmits(all, { topicArn: Arn, service: 'events.amazonaws.com', sourceArn }))
      throw new Error(`EventBridge may not publish to ${Arn} for ${sourceArn}`);
  } else if (!Arn.includes(':event-bus/'))
    mustAdmit(all, { queueArn: Arn, service: 'events.amazonaws.com', sourceArn });
  else if (!mayForward(all, { roleArn: RoleArn, busArn: Arn, sourceArn }))
    throw new Error(`The role "${RoleArn}" may not send to ${Arn} for ${sourceArn}`);
}

/** Throws unless the policy of a queue lets a service send. */
export function mustAdmit(all: Resources, sending: Parameters<typeof admitted>[1]): void {
  if (!admitted(all, sending))
    throw new Error(`${sending.service} may not send to ${sending.queueArn} for ${sending.sourceArn}`);
}

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const statement = z.looseObject({
  Effect: z.string(),
  Principal: z.union([z.string(), z.record(z.string(), texts)]),
  Action: texts,
  Condition: z.record(z.string(), z.record(z.string(), texts)).default({}),
});
const document = z.object({ Statement: z.array(statement) });
const queuePolicy = z.object({ Queues: z.array(z.string()), PolicyDocument: document });
const topicPolicy = z.object({ Topics: z.array(z.string()), PolicyDocument: document });

/** A service that sends on behalf of a resource. */
interface Sending {
  readonly service: string;
  readonly sourceArn: string;
}

/** Whether the policies of the template let a service send to a queue on behalf of a resource. */
function admitted(
  resources: readonly TemplateResource[],
  sending: Sending & { readonly queueArn: string },
): boolean {
  const name = sending.queueArn.split(':').at(-1) ?? '';
  return ofType(resources, 'AWS::SQS::QueuePolicy')
    .map(({ properties }) => queuePolicy.parse(properties))
    .filter(({ Queues }) => Queues.some((url) => url.endsWith(`/${name}`)))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .some((each) => letsIn(each, 'sqs:SendMessage', sending));
}

/** The same for publishing to a topic. */
const topicAdmits = (
  resources: readonly TemplateResource[],
  sending: Sending & { readonly topicArn: string },
): boolean =>
  ofType(resources, 'AWS::SNS::TopicPolicy')
    .map(({ properties }) => topicPolicy.parse(properties))
    .filter(({ Topics }) => Topics.includes(sending.topicArn))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .some((each) => letsIn(each, 'sns:Publish', sending));

const letsIn = (
  { Effect, Principal, Action, Condition }: z.infer<typeof statement>,
  action: string,
  { service, sourceArn }: Sending,
): boolean =>
  Effect === 'Allow' &&
  typeof Principal === 'object' &&
  Principal['Service']?.includes(service) === true &&
  Action.includes(action) &&
  Condition['ArnEquals']?.['aws:SourceArn']?.includes(sourceArn) === true;

/** Whether a role lets EventBridge put events on a bus for a rule: by whom it is assumed, and what it may do. */
function mayForward(
  all: readonly TemplateResource[],
  { roleArn, busArn, sourceArn }: { roleArn: string; busArn: string; sourceArn: string },
): boolean {
  const [, , , , account = ''] = sourceArn.split(':');
  const role = ofType(all, 'AWS::IAM::Role').find(({ id }) => roleArn.endsWith(id));
  if (role === undefined) return false;
  const trusted = trustOf(role.properties).Statement.some(
    ({ Principal, Condition }) =>
      Principal['Service']?.includes('events.amazonaws.com') === true &&
      Condition['StringEquals']?.['aws:SourceAccount']?.includes(account) === true &&
      Condition['ArnLike']?.['aws:SourceArn']?.some((pattern) => like(pattern, sourceArn)) === true,
  );
  const allowed = statementsOf(all).some(
    (statement) =>
      statement.role === role.id &&
      statement.effect === 'Allow' &&
      statement.actions.includes('events:PutEvents') &&
      statement.resources.includes(busArn),
  );
  return trusted && allowed;
}

/** Only a `*` at the end is known here. */
const like = (pattern: string, text: string): boolean =>
  pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : pattern === text;

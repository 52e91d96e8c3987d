import * as z from 'zod';
import type { Simulator } from '../../simulator/simulator.ts';
import { admitted } from './admitted.ts';
import { mayForward } from './may-forward.ts';
import type { TemplateResource } from './template.ts';

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
  if (!Arn.includes(':event-bus/'))
    mustAdmit(all, { queueArn: Arn, service: 'events.amazonaws.com', sourceArn });
  else if (!mayForward(all, { roleArn: RoleArn, busArn: Arn, sourceArn }))
    throw new Error(`The role "${RoleArn}" may not send to ${Arn} for ${sourceArn}`);
}

/** Throws unless the policy of a queue lets a service send. */
export function mustAdmit(all: Resources, sending: Parameters<typeof admitted>[1]): void {
  if (!admitted(all, sending))
    throw new Error(`${sending.service} may not send to ${sending.queueArn} for ${sending.sourceArn}`);
}

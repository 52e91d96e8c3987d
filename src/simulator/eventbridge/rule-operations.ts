import * as z from 'zod';
import { AwsError } from '../call/aws-error.ts';
import { readInput } from '../call/input.ts';
import type { Operation } from '../call/service.ts';
import type { Rule } from './bus.ts';
import type { Buses } from './buses.ts';
import { compilePattern } from './pattern.ts';

const onBus = { EventBusName: z.string().optional() };
const name = z.string().regex(/^[.\-_A-Za-z0-9]{1,64}$/);
const putting = z.object({
  ...onBus,
  Name: name,
  EventPattern: z.string().optional(),
  ScheduleExpression: z.string().optional(),
  Description: z.string().max(512).optional(),
  State: z.enum(['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS']).default('ENABLED'),
});
const naming = z.object({ ...onBus, Name: name });
const listing = z.object({ ...onBus, NamePrefix: z.string().default('') });

/** The operations on rules. */
export function ruleOperations(buses: Buses): Record<string, Operation> {
  return {
    PutRule: (input) => putRule(buses, readInput(putting, input)),
    DescribeRule: (input) => {
      const { EventBusName, Name } = readInput(naming, input);
      const bus = buses.find(EventBusName);
      return { ...shown(buses.rule(bus, Name)), EventBusName: bus.name };
    },
    ListRules: (input) => {
      const { EventBusName, NamePrefix } = readInput(listing, input);
      const bus = buses.find(EventBusName);
      const rules = [...bus.rules.values()].filter((rule) => rule.name.startsWith(NamePrefix));
      return { Rules: rules.map((rule) => ({ ...shown(rule), EventBusName: bus.name })) };
    },
    DeleteRule: (input) => {
      const { EventBusName, Name } = readInput(naming, input);
      const { rules } = buses.find(EventBusName);
      if ((rules.get(Name)?.targets.size ?? 0) > 0) {
        throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.");
      }
      rules.delete(Name);
    },
    EnableRule: (input) => setState(buses, readInput(naming, input), 'ENABLED'),
    DisableRule: (input) => setState(buses, readInput(naming, input), 'DISABLED'),
  };
}

function putRule(buses: Buses, input: z.infer<typeof putting>): object {
  const { Name, EventPattern, ScheduleExpression, EventBusName } = input;
  if (EventPattern === undefined && ScheduleExpression === undefined) {
    const message = 'Parameter(s) EventPattern or ScheduleExpression must be specified.';
    throw new AwsError('ValidationException', message);
  }
  const bus = buses.find(EventBusName);
  const arn = buses.ruleArn(bus, Name);
  bus.rules.set(Name, {
    name: Name,
    arn,
    state: input.State,
    description: input.Description,
    patternText: EventPattern,
    pattern: EventPattern === undefined ? undefined : compilePattern(EventPattern),
    scheduleExpression: ScheduleExpression,
    targets: bus.rules.get(Name)?.targets ?? new Map(),
  });
  return { RuleArn: arn };
}

function setState(buses: Buses, { EventBusName, Name }: z.infer<typeof naming>, state: Rule['state']): void {
  const bus = buses.find(EventBusName);
  bus.rules.set(Name, { ...buses.rule(bus, Name), state });
}

const shown = (rule: Rule): object => ({
  Name: rule.name,
  Arn: rule.arn,
  EventPattern: rule.patternText,
  ScheduleExpression: rule.scheduleExpression,
  State: rule.state,
  Description: rule.description,
});

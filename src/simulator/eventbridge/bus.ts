import type { BusEvent } from '../call/service.ts';
import type { Statement } from '../iam/policy.ts';
import { type EventPattern, matchesPattern } from './pattern.ts';

/** A target of a rule: where matching events go. */
export interface Target {
  readonly Id: string;
  readonly Arn: string;
  /** Constant text that goes to the target instead of the event. */
  readonly Input?: string | undefined;
  /** Part of the event that goes to the target, such as `$.detail`. */
  readonly InputPath?: string | undefined;
  /** The role that may send to a bus. */
  readonly RoleArn?: string | undefined;
}

/** The states a rule can be in. */
type RuleState = 'ENABLED' | 'DISABLED' | 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

/** A rule of a bus. */
export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly state: RuleState;
  readonly description?: string | undefined;
  /** The pattern as it was given. */
  readonly patternText?: string | undefined;
  readonly pattern?: EventPattern | undefined;
  readonly scheduleExpression?: string | undefined;
  readonly targets: Map<string, Target>;
}

/** An event bus with its rules by name. */
export interface Bus {
  readonly name: string;
  readonly arn: string;
  readonly rules: Map<string, Rule>;
  /** Statements by id that let others send events. */
  readonly policy: Map<string, Statement>;
}

/** The rules that match `event`. */
export const rulesMatching = (bus: Bus, event: BusEvent): readonly Rule[] =>
  [...bus.rules.values()].filter((rule) => takes(rule, event));

function takes({ state, pattern }: Rule, event: BusEvent): boolean {
  if (state === 'DISABLED' || pattern === undefined) return false;
  if (state === 'ENABLED' && isReadOnlyManagementEvent(event)) return false;
  return matchesPattern(pattern, event);
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html */
const isReadOnlyManagementEvent = (event: BusEvent): boolean =>
  event['detail-type'] === 'AWS API Call via CloudTrail' && event.detail['readOnly'] === true;

import { LAST_AUDIT_CHECK, LAST_EVENT_CHECK, LAST_SWEEP_CHECK, MEMBERS_CHECK } from './age-checks.ts';
import type { Check, Doctor } from './check.ts';
import { MEMBER_RULES_CHECK, RULES_CHECK, TRAIL_CHECK } from './event-checks.ts';
import {
  CONCURRENCY_CHECK,
  FUNCTIONS_CHECK,
  IDENTITY_POLICIES_CHECK,
  WIDGET_CHECK,
} from './function-checks.ts';
import { DEAD_LETTERS_CHECK, KEY_POLICY_CHECK, QUEUE_POLICIES_CHECK, QUEUES_CHECK } from './queue-checks.ts';
import { LOG_GROUPS_CHECK } from './rotation-function-checks.ts';
import { SMS_SANDBOX_CHECK, SUBSCRIPTIONS_CHECK, TOPIC_POLICIES_CHECK } from './topic-checks.ts';

/** Everything that is looked at, in the order in which an event would meet it. */
export const CHECKS: readonly Check<Doctor>[] = [
  TRAIL_CHECK,
  RULES_CHECK,
  QUEUES_CHECK,
  QUEUE_POLICIES_CHECK,
  FUNCTIONS_CHECK,
  IDENTITY_POLICIES_CHECK,
  KEY_POLICY_CHECK,
  DEAD_LETTERS_CHECK,
  SUBSCRIPTIONS_CHECK,
  TOPIC_POLICIES_CHECK,
  SMS_SANDBOX_CHECK,
  WIDGET_CHECK,
  CONCURRENCY_CHECK,
  LOG_GROUPS_CHECK,
  LAST_SWEEP_CHECK,
  LAST_EVENT_CHECK,
  LAST_AUDIT_CHECK,
  MEMBER_RULES_CHECK,
  MEMBERS_CHECK,
];

import { Duration } from 'aws-cdk-lib';
import { type EventBus, type IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import {
  type EventPattern,
  LABEL_UPDATED,
  ROTATION_OUTCOMES,
  SECRET_CHANGES,
} from '../../src/monitor/domain/rotation/event-patterns.ts';

/** EventBridge's own limits, said aloud. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html */
const RETRY_ATTEMPTS = 185;
const MAX_EVENT_AGE = Duration.hours(24);

/** Targets and options of the rules of {@link defineSecretRules}. */
export interface SecretRulesProps {
  /** Gets the outcomes of rotations and the calls that change secrets. */
  readonly rotations: IRuleTarget;
  /** Gets the moves of AWSCURRENT. */
  readonly labels: IRuleTarget;
  /**
   * Event bus that receives the events.
   *
   * @default - the default event bus of the account and region
   */
  readonly eventBus?: EventBus;
}

/** The rules for Secrets Manager's events; their patterns are those the parser understands. */
export function defineSecretRules(
  scope: Construct,
  { rotations, labels, eventBus }: SecretRulesProps,
): { readonly outcomes: Rule; readonly changes: Rule; readonly labels: Rule } {
  const define = (id: string, pattern: EventPattern, target: IRuleTarget): Rule =>
    new Rule(scope, id, {
      eventPattern: {
        source: [...pattern.source],
        detailType: [...pattern['detail-type']],
        detail: pattern.detail,
      },
      targets: [target],
      ...(eventBus === undefined ? {} : { eventBus }),
    });
  return {
    outcomes: define('RotationOutcomes', ROTATION_OUTCOMES, rotations),
    changes: define('SecretChanges', SECRET_CHANGES, rotations),
    labels: define('LabelUpdated', LABEL_UPDATED, labels),
  };
}

/** A target that is tried as long as EventBridge can. The policies that let it be reached are left to the caller. */
export const persistentTarget = (target: {
  readonly arn: string;
  readonly deadLetterQueue: IQueue;
  readonly role?: IRole;
}): IRuleTarget => ({
  bind: () => ({
    arn: target.arn,
    ...(target.role === undefined ? {} : { role: target.role }),
    deadLetterConfig: { arn: target.deadLetterQueue.queueArn },
    retryPolicy: {
      maximumRetryAttempts: RETRY_ATTEMPTS,
      maximumEventAgeInSeconds: MAX_EVENT_AGE.toSeconds(),
    },
  }),
});

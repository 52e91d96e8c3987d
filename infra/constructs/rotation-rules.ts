import { Duration } from 'aws-cdk-lib';
import { type IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  type EventPattern,
  LABEL_UPDATED,
  ROTATION_OUTCOMES,
  SECRET_CHANGES,
} from '../../src/domain/event-patterns.ts';
import { admitSender } from './encrypted-queue.ts';

/** Properties of {@link RotationRules}. */
export interface RotationRulesProps {
  /** Gets the outcomes of rotations and the calls that change secrets. */
  readonly rotationQueue: Queue;
  /** Gets the moves of AWSCURRENT. */
  readonly labelQueue: Queue;
  /** Gets what could not be handed over. */
  readonly deadLetterQueue: Queue;
}

/** EventBridge's own limits, said aloud. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html */
const RETRY_ATTEMPTS = 185;
const MAX_EVENT_AGE = Duration.hours(24);

/** The rules that put Secrets Manager's events into queues; their patterns are those the parser understands. */
export class RotationRules extends Construct {
  constructor(scope: Construct, id: string, props: RotationRulesProps) {
    super(scope, id);
    const { rotationQueue, labelQueue, deadLetterQueue } = props;
    const outcomes = this.#define('RotationOutcomes', ROTATION_OUTCOMES, [rotationQueue, deadLetterQueue]);
    const changes = this.#define('SecretChanges', SECRET_CHANGES, [rotationQueue, deadLetterQueue]);
    const labels = this.#define('LabelUpdated', LABEL_UPDATED, [labelQueue, deadLetterQueue]);
    admitSender(rotationQueue, 'events.amazonaws.com', [outcomes, changes]);
    admitSender(labelQueue, 'events.amazonaws.com', [labels]);
    admitSender(deadLetterQueue, 'events.amazonaws.com', [outcomes, changes, labels]);
  }

  #define(id: string, pattern: EventPattern, [queue, deadLetterQueue]: readonly [Queue, Queue]): string {
    const rule = new Rule(this, id, {
      eventPattern: {
        source: [...pattern.source],
        detailType: [...pattern['detail-type']],
        detail: pattern.detail,
      },
      targets: [toQueue(queue, deadLetterQueue)],
    });
    return rule.ruleArn;
  }
}

/** The queue's policy is left to us: it names the rules. */
const toQueue = ({ queueArn }: Queue, deadLetterQueue: Queue): IRuleTarget => ({
  bind: () => ({
    arn: queueArn,
    deadLetterConfig: { arn: deadLetterQueue.queueArn },
    retryPolicy: {
      maximumRetryAttempts: RETRY_ATTEMPTS,
      maximumEventAgeInSeconds: MAX_EVENT_AGE.toSeconds(),
    },
  }),
});

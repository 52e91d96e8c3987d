import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { admitSender } from './encrypted-queue.ts';
import { defineSecretRules, persistentTarget } from './secret-rules.ts';

/** Properties of {@link RotationRules}. */
export interface RotationRulesProps {
  /** Gets the outcomes of rotations and the calls that change secrets. */
  readonly rotationQueue: Queue;
  /** Gets the moves of AWSCURRENT. */
  readonly labelQueue: Queue;
  /** Gets what could not be handed over. */
  readonly deadLetterQueue: Queue;
  /**
   * Event bus that receives the events.
   *
   * @default - the default event bus of the account and region
   */
  readonly eventBus?: EventBus;
}

/** The rules that put Secrets Manager's events into queues. */
export class RotationRules extends Construct {
  constructor(scope: Construct, id: string, props: RotationRulesProps) {
    super(scope, id);
    const { rotationQueue, labelQueue, deadLetterQueue, eventBus } = props;
    const { outcomes, changes, labels } = defineSecretRules(this, {
      rotations: persistentTarget({ arn: rotationQueue.queueArn, deadLetterQueue }),
      labels: persistentTarget({ arn: labelQueue.queueArn, deadLetterQueue }),
      ...(eventBus === undefined ? {} : { eventBus }),
    });
    const service = 'events.amazonaws.com';
    admitSender(rotationQueue, service, [outcomes.ruleArn, changes.ruleArn]);
    admitSender(labelQueue, service, [labels.ruleArn]);
    admitSender(deadLetterQueue, service, [outcomes.ruleArn, changes.ruleArn, labels.ruleArn]);
  }
}

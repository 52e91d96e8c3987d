import { Aws, Duration } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { type EventBus, type IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { type IRole, PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  type EventPattern,
  LABEL_UPDATED,
  ROTATION_OUTCOMES,
  SECRET_CHANGES,
} from '../../src/monitor/domain/rotation/event-patterns.ts';
import { forwardEvents } from '../permissions/member-permissions.ts';
import { admitSender, deadLetterQueue } from './encrypted-queue.ts';

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

/** EventBridge's own limits, said aloud. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html */
const RETRY_ATTEMPTS = 185;
const MAX_EVENT_AGE = Duration.hours(24);

/** Targets and options of the rules of {@link defineSecretRules}. */
interface SecretRulesProps {
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
function defineSecretRules(
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

/** Properties of {@link ForwardingRules}. */
interface ForwardingRulesProps {
  /** The event bus of the monitor, in any account and region. */
  readonly eventBusArn: string;
}

/** SQS counts messages every five minutes for queues that are seldom used. */
const ALARM_PERIOD = Duration.minutes(5);

/**
 * The rules that send Secrets Manager's events of an account and region to the monitor, which is paid here.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 */
export class ForwardingRules extends Construct {
  constructor(scope: Construct, id: string, { eventBusArn }: ForwardingRulesProps) {
    super(scope, id);
    const undelivered = deadLetterQueue(this, 'Undelivered');
    const role = this.#defineRole(eventBusArn);
    const target = persistentTarget({ arn: eventBusArn, deadLetterQueue: undelivered, role });
    const rules = defineSecretRules(this, { rotations: target, labels: target });
    admitSender(
      undelivered,
      'events.amazonaws.com',
      Object.values(rules).map(({ ruleArn }) => ruleArn),
    );
    this.#defineAlarm(undelivered);
  }

  /** Shows in the member what could not be sent: the monitor may not look at queues there, and hears nothing of it. */
  #defineAlarm({ queueName }: Queue): void {
    new CfnAlarm(this, 'UndeliveredAlarm', {
      alarmDescription:
        'Events of Secrets Manager could not be sent to the secret rotation monitor: its bus refuses this account or is gone. Its sweeps find failures later.',
      namespace: 'AWS/SQS',
      metricName: 'ApproximateNumberOfMessagesVisible',
      dimensions: [{ name: 'QueueName', value: queueName }],
      statistic: 'Maximum',
      period: ALARM_PERIOD.toSeconds(),
      evaluationPeriods: 1,
      threshold: 0,
      comparisonOperator: 'GreaterThanThreshold',
      treatMissingData: 'notBreaching',
    });
  }

  /** The rules have no names before they are deployed; https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html */
  #defineRole(eventBusArn: string): Role {
    return new Role(this, 'Role', {
      description: 'Lets EventBridge send events of Secrets Manager to the secret rotation monitor',
      assumedBy: new ServicePrincipal('events.amazonaws.com').withConditions({
        StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
        ArnLike: {
          'aws:SourceArn': `arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:rule/*`,
        },
      }),
      inlinePolicies: { Calls: new PolicyDocument({ statements: [forwardEvents(eventBusArn)] }) },
    });
  }
}

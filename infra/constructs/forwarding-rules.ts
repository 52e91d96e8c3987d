import { Aws, Duration } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { forwardEvents } from '../permissions/member-permissions.ts';
import { admitSender, deadLetterQueue } from './encrypted-queue.ts';
import { defineSecretRules, persistentTarget } from './secret-rules.ts';

/** Properties of {@link ForwardingRules}. */
export interface ForwardingRulesProps {
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

import { Stack } from 'aws-cdk-lib';
import { type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import {
  type Grant,
  Grant as Grants,
  type IGrantable,
  type IPrincipal,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  APPLICATION_EVENT_SOURCE,
  VERSION_CURRENT,
} from '../../../src/monitor/domain/rotation/event-patterns.ts';
import { admitSender, deadLetterQueue } from '../encrypted-queue.ts';
import { persistentTarget } from '../rotation-rules.ts';

/** Properties of an {@link InvalidationTopic}. */
export interface InvalidationTopicProps {
  /** Bus on which the monitor publishes new versions to applications. */
  readonly applicationBus: IEventBus;
  /**
   * Begins the names of the queues that processes make: letters, digits, hyphens and underscores, 40 at most.
   *
   * @default 'secret-rotation-client-'
   */
  readonly queuePrefix?: string;
  /**
   * Principal that may assume the role of processes that listen.
   *
   * @default - no role is made; use `grantListen`
   */
  readonly assumedBy?: IPrincipal;
  /**
   * Encrypts the topic. EventBridge and SNS have to be let in, as the key of the monitor does.
   *
   * @default - not encrypted at rest: messages name secrets and versions, and hold no value
   */
  readonly encryptionKey?: IKey;
}

const DEFAULT_PREFIX = 'secret-rotation-client-';

/** Actions of a process on its own queue. */
const OWN_QUEUE = [
  'sqs:CreateQueue',
  'sqs:DeleteQueue',
  'sqs:GetQueueAttributes',
  'sqs:SetQueueAttributes',
  'sqs:TagQueue',
  'sqs:ListQueueTags',
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
];

/**
 * Brings moves of AWSCURRENT from the application bus to processes that use `secret-rotation-client/invalidation`:
 * a topic, a rule that feeds it, and the permissions for queues of one name prefix.
 */
export class InvalidationTopic extends Construct {
  readonly topic: Topic;
  /** The role of processes that listen; undefined without `assumedBy`. */
  readonly role: Role | undefined;
  /** Gets what EventBridge could not hand over within a day. */
  readonly deadLetterQueue: Queue;
  readonly queuePrefix: string;

  constructor(scope: Construct, id: string, props: InvalidationTopicProps) {
    super(scope, id);
    const { applicationBus, queuePrefix = DEFAULT_PREFIX, assumedBy, encryptionKey } = props;
    if (!/^[\w-]{1,40}$/.test(queuePrefix))
      throw new Error(
        `Cannot make queues that begin with "${queuePrefix}": 1 to 40 letters, digits, hyphens and underscores are wanted`,
      );
    this.queuePrefix = queuePrefix;
    this.topic = new Topic(this, 'Topic', {
      enforceSSL: true,
      ...(encryptionKey === undefined ? {} : { masterKey: encryptionKey }),
    });
    this.deadLetterQueue = deadLetterQueue(this, 'Undelivered');
    this.#defineRule(applicationBus);
    this.role = assumedBy === undefined ? undefined : new Role(this, 'Role', { assumedBy });
    if (this.role !== undefined) this.grantListen(this.role);
  }

  /** Lets a role make, read and remove queues of the prefix, and subscribe them to the topic, and nothing else. */
  grantListen(grantee: IGrantable): Grant {
    const { partition, region, account } = Stack.of(this);
    const queues = `arn:${partition}:sqs:${region}:${account}:${this.queuePrefix}*`;
    // These two know no resource. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
    const own = { StringEquals: { 'aws:RequestedRegion': region } };
    const all = { grantee, resourceArns: ['*'], conditions: own };
    const subscribing = { StringEquals: { 'sns:Protocol': 'sqs' }, StringLike: { 'sns:Endpoint': queues } };
    const topic = { grantee, resourceArns: [this.topic.topicArn], conditions: subscribing };
    return Grants.addToPrincipal({ grantee, actions: OWN_QUEUE, resourceArns: [queues] })
      .combine(Grants.addToPrincipal({ ...topic, actions: ['sns:Subscribe'] }))
      .combine(Grants.addToPrincipal({ ...all, actions: ['sqs:ListQueues', 'sns:Unsubscribe'] }));
  }

  #defineRule(eventBus: IEventBus): void {
    const { topic, deadLetterQueue } = this;
    const target = persistentTarget({ arn: topic.topicArn, deadLetterQueue });
    const { 'detail-type': detailType } = VERSION_CURRENT;
    const eventPattern = { source: [APPLICATION_EVENT_SOURCE], detailType: [...detailType] };
    const rule = new Rule(this, 'Rule', { eventBus, eventPattern, targets: [target] });
    admitSender(deadLetterQueue, 'events.amazonaws.com', [rule.ruleArn]);
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'EventBridge',
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
      }),
    );
  }
}

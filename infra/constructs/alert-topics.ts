import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type ITopicSubscription, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { SettingTexts } from '../props/environment.ts';

/** Properties of {@link AlertTopics}. */
export interface AlertTopicsProps {
  readonly encryptionKey: IKey;
  readonly subscriptions: readonly ITopicSubscription[];
  readonly healthSubscriptions: readonly ITopicSubscription[];
  /** Without any there is no topic for escalations. */
  readonly escalationSubscriptions: readonly ITopicSubscription[];
  /** Whether Amazon Q Developer gets a topic of its own. */
  readonly amazonQ: boolean;
}

/** The topics that people read: alerts, and what is wrong with the monitor itself. Nobody can publish without TLS. */
export class AlertTopics extends Construct {
  readonly alertTopic: Topic;
  readonly healthTopic: Topic;
  /** Undefined where there are no subscriptions to escalations. */
  readonly escalationTopic: Topic | undefined;
  /** Undefined unless asked for. */
  readonly amazonQTopic: Topic | undefined;

  constructor(scope: Construct, id: string, props: AlertTopicsProps) {
    super(scope, id);
    const topic = (name: string, displayName: string, subscriptions: readonly ITopicSubscription[]) => {
      const made = new Topic(this, name, { masterKey: props.encryptionKey, displayName, enforceSSL: true });
      for (const subscription of subscriptions) made.addSubscription(subscription);
      return made;
    };
    this.alertTopic = topic('Alerts', 'Secret rotation', props.subscriptions);
    this.healthTopic = topic('Health', 'Secret rotation monitor', props.healthSubscriptions);
    this.escalationTopic =
      props.escalationSubscriptions.length === 0
        ? undefined
        : topic('Escalations', 'Secret rotation, unacknowledged', props.escalationSubscriptions);
    this.amazonQTopic = props.amazonQ ? topic('AmazonQ', 'Secret rotation', []) : undefined;
    this.#admitAlarms();
  }

  /** All topics that alerts are published to. */
  get forAlerts(): readonly Topic[] {
    return [this.alertTopic, this.escalationTopic, this.amazonQTopic].filter((topic) => topic !== undefined);
  }

  /** The topics that somebody must be subscribed to. */
  get toBeHeard(): readonly Topic[] {
    return [this.alertTopic, this.escalationTopic].filter((topic) => topic !== undefined);
  }

  /** Settings from which functions learn the ARNs of the topics. */
  get settings(): SettingTexts {
    return {
      alertTopicArn: this.alertTopic.topicArn,
      healthTopicArn: this.healthTopic.topicArn,
      escalationTopicArn: this.escalationTopic?.topicArn,
      qTopicArn: this.amazonQTopic?.topicArn,
    };
  }

  #admitAlarms(): void {
    this.healthTopic.grantPublish(
      new ServicePrincipal('cloudwatch.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
  }
}

import type { Target } from '../secret/secret.ts';

/** A deployment, as the settings of its functions name its parts. */
export interface Deployed extends Target {
  /** Common beginning of its functions' names, such as `rotation-monitor`. */
  readonly name: string;
  readonly functions: readonly DeployedFunction[];
  /** The topics by what they are for. */
  readonly topics: Readonly<Record<string, string>>;
  readonly deadLetterQueueUrls: readonly string[];
  readonly deliveryQueueUrl: string;
  readonly tableName: string;
  readonly metricsNamespace: string;
  readonly sweepIntervalMs: number;
  /** Longest time between two scheduled audits; undefined where none are scheduled. */
  readonly auditEveryMs: number | undefined;
  readonly hasCanary: boolean;
  readonly hasMembers: boolean;
}

/** A function of the monitor. */
export interface DeployedFunction {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string | undefined;
  readonly runtime: string | undefined;
  /** Such as `Active`. https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html */
  readonly state: string | undefined;
  /** Such as `Successful`. */
  readonly lastUpdateStatus: string | undefined;
}

/** A trail of CloudTrail. */
export interface Trail {
  readonly name: string;
  /** Whether it records the region of the monitor. */
  readonly coversRegion: boolean;
  readonly isLogging: boolean;
  /** The error that kept it from delivering last; undefined while it delivers. */
  readonly deliveryError: string | undefined;
  readonly managementEvents: 'all' | 'write-only' | 'read-only' | 'none' | 'unknown';
}

/** A rule of EventBridge. */
export interface EventRule {
  readonly name: string;
  readonly arn: string;
  readonly isEnabled: boolean;
  /** Event pattern as JSON text; undefined for a schedule. */
  readonly pattern: string | undefined;
  readonly targets: readonly RuleTarget[];
}

/** A target of a rule. */
export interface RuleTarget {
  readonly arn: string;
  /** The role that EventBridge sends with; undefined where the target lets it in by itself. */
  readonly roleArn: string | undefined;
  /** The queue of what could not be sent; undefined without one. */
  readonly deadLetterArn: string | undefined;
}

/** An event bus. */
export interface EventBus {
  readonly name: string;
  readonly arn: string;
}

/** The part of a monitor in another account or region, as the rules there show it. */
export interface JoinedMember extends Target {
  /** The bus of the monitor; undefined where no rule sends to one. */
  readonly busArn: string | undefined;
  /** The role that the monitor looks with; undefined in its own account, which needs none. */
  readonly lookRoleArn: string | undefined;
  /** The rules that send to the bus. */
  readonly rules: readonly EventRule[];
}

/** A queue that feeds a function. */
export interface QueueFeed {
  readonly queueArn: string;
  readonly isEnabled: boolean;
}

/** A queue. */
export interface DeployedQueue {
  readonly arn: string;
  /** Messages in it, those that somebody has received included. */
  readonly messages: number;
  /** Policy as JSON text; undefined without one. */
  readonly policy: string | undefined;
  /** The key that encrypts it; undefined for a key that SQS manages. */
  readonly keyId: string | undefined;
}

/** Somebody who is subscribed to a topic. */
export interface Subscription {
  readonly protocol: string;
  readonly endpoint: string;
  readonly isConfirmed: boolean;
  /** Filter policy as JSON text; undefined without one. */
  readonly filterPolicy: string | undefined;
}

/** A topic. */
export interface DeployedTopic {
  readonly arn: string;
  readonly subscriptions: readonly Subscription[];
  /** Policy as JSON text; undefined without one. */
  readonly policy: string | undefined;
  readonly keyId: string | undefined;
}

/** IAM's decision about an action of a role. */
export interface SimulatedAction {
  readonly action: string;
  readonly resource: string;
  readonly decision: 'allowed' | 'denied-explicitly' | 'not-allowed';
  /** Conditions that the simulation could not judge. */
  readonly missingKeys: readonly string[];
}

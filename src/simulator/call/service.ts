import type { Instant } from '../../calendar/instant.ts';

/** A JSON object as it came off the wire: checked by the operation that reads it. */
export type Input = Readonly<Record<string, unknown>>;

/** The account and region that the simulator plays. */
export interface Home {
  readonly account: string;
  readonly region: string;
}

/** The caller of an operation, its time and its place. */
export interface Call extends Home {
  /** Name of the calling role, such as `operator` or `on-rotation-event`; taken from the access key id of a signed request. */
  readonly role: string;
  /** ARN of the calling session, as CloudTrail shows it. */
  readonly principal: string;
  readonly requestId: string;
  readonly now: Instant;
}

/**
 * One API operation. Answers a plain object in the names of the API model; points in time are `Date`s,
 * which the protocol writes as epoch seconds (JSON) or ISO 8601 (XML). Fails with an AwsError.
 */
export type Operation = (input: Input, call: Call) => unknown;

/** A simulated service: its operations by their API names. */
export interface Service {
  readonly operations: Readonly<Record<string, Operation>>;
}

/** The services by the names that SDK clients sign with. */
export type ServiceName =
  | 'secretsmanager'
  | 'events'
  | 'sqs'
  | 'sns'
  | 'monitoring'
  | 'sts'
  | 'organizations'
  | 'lambda'
  | 'cloudtrail'
  | 'dynamodb'
  | 'scheduler'
  | 'ssm'
  | 'logs'
  | 'kms'
  | 'iam'
  | 'rds'
  | 'securityhub'
  | 's3';

/** An event envelope as EventBridge delivers it. */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601, whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Takes the events of a service; the default bus of EventBridge is behind it. */
export type EmitEvent = (event: BusEvent) => void | Promise<void>;

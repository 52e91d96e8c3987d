import type { TimeSpan } from '../../../calendar/time-span.ts';
import type { Datapoint } from '../../domain/doctor/ages.ts';
import type {
  DeployedQueue,
  DeployedTopic,
  EventBus,
  EventRule,
  QueueFeed,
  SimulatedAction,
  Trail,
} from '../../domain/doctor/deployed.ts';
import type { Concurrency } from '../../domain/doctor/functions.ts';
import { PortError } from '../failure.ts';

/** Finds the deployed parts and their configuration; changes nothing. Failures are {@link DeploymentProbeError}s. */
export interface DeploymentProbe {
  /** The trails that record anything of this account, those of other regions too. */
  trails(): Promise<readonly Trail[]>;
  /** Names of the event data stores of CloudTrail Lake. */
  eventDataStores(): Promise<readonly string[]>;
  /** The queues that feed a function. */
  feeds(functionName: string): Promise<readonly QueueFeed[]>;
  /** All rules of the default bus. */
  rules(): Promise<readonly EventRule[]>;
  /** The event buses of the account and region. */
  buses(): Promise<readonly EventBus[]>;
  /** The rules of a bus that send to a target; of the default bus when it is undefined. */
  rulesTo(targetArn: string, busName?: string): Promise<readonly EventRule[]>;
  /** Returns how many of the events a pattern lets through. */
  matching(pattern: string, events: readonly object[]): Promise<number>;
  /** A queue by URL or ARN; undefined when there is none. */
  queue(urlOrArn: string): Promise<DeployedQueue | undefined>;
  /** Undefined when there is none. */
  topic(arn: string): Promise<DeployedTopic | undefined>;
  /** The policy of a key, as JSON text. */
  keyPolicy(keyId: string): Promise<string | undefined>;
  concurrency(): Promise<Concurrency>;
  /** Whether whoever asks may invoke a function; it is not invoked. */
  mayInvoke(functionName: string): Promise<boolean>;
  logGroupExists(name: string): Promise<boolean>;
  /** Evaluates the policies of a role for actions in its own account and region; undefined where there is no such role. */
  simulate(
    roleArn: string,
    asked: readonly Pick<SimulatedAction, 'action' | 'resource'>[],
  ): Promise<readonly SimulatedAction[] | undefined>;
  /** Whether text messages reach verified numbers alone. */
  isInSmsSandbox(): Promise<boolean>;
  /** The newest datapoint of a metric of the monitor in a stretch of time; undefined without one. */
  newest(namespace: string, metric: string, span: TimeSpan): Promise<Datapoint | undefined>;
}

/** Something about a deployment could not be read. */
export class DeploymentProbeError extends PortError {
  override readonly name = 'DeploymentProbeError';
}

import { Duration } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { SettingTexts } from '../props/environment.ts';
import type { FeedProps, MonitoredFunctionProps } from './monitored-function.ts';

/** One function: its handler, its limits and its permissions. */
export interface FunctionSpec {
  /** Name of its file in `src/monitor/handlers/`. */
  readonly handlerName: string;
  readonly description: string;
  readonly timeout: Duration;
  /** Calls the function may make, apart from writing its log. */
  readonly permissions: readonly PolicyStatement[];
  /** The queue that feeds it. */
  readonly feed?: FeedProps;
  /** Retries of an asynchronous invocation that failed. */
  readonly retryAttempts?: 0 | 1 | 2;
  /** Witness of its failures, which spares an alarm. */
  readonly failuresAreSeenBy?: NonNullable<MonitoredFunctionProps['failuresAreSeenBy']>;
  /** Settings that only this function reads. */
  readonly settings?: SettingTexts;
  /** Settings of all functions that this one has no use for, so that its own fit into its environment. */
  readonly unread?: readonly (keyof SettingTexts)[];
  /** Whether it feeds its own queue on purpose, and counts the rounds itself. */
  readonly feedsItself?: true;
}

/** Timeout of a function that has one thing to do; the lease of a delivery holds no longer. */
export const SHORT: Duration = Duration.minutes(1);
/** Longest timeout that Lambda allows. */
export const LONGEST: Duration = Duration.minutes(15);

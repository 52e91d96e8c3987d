import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  CfnEventInvokeConfig,
  type Code,
  EventSourceMapping,
  Function as LambdaFunction,
  RecursiveLoop,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { neverReadValues, putAside, writeLog } from '../permissions/permissions.ts';
import { acknowledgeWildcards } from '../permissions/wildcards.ts';
import { checkPolicySize } from '../props/policy-size.ts';

/** Properties of a {@link MonitoredFunction}. */
export interface MonitoredFunctionProps {
  /** Folder with the bundles of all handlers. */
  readonly code: Code;
  /** Name of the handler: a file in `src/monitor/handlers/` without its ending. */
  readonly handlerName: string;
  readonly functionName: string;
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  /** In MiB. */
  readonly memorySize: number;
  readonly timeout: Duration;
  readonly logRetention: RetentionDays;
  /** Calls the function may make, apart from writing its log. */
  readonly permissions: readonly PolicyStatement[];
  /**
   * The queue that feeds the function.
   *
   * @default - none does
   */
  readonly feed?: FeedProps;
  /**
   * Whether the function feeds its own queue on purpose, and counts the rounds itself.
   *
   * @default - Lambda ends such a loop after about 16 rounds
   */
  readonly feedsItself?: boolean;
  /**
   * Handling of asynchronous invocations.
   *
   * @default - nobody invokes the function in that way
   */
  readonly unattended?: UnattendedProps;
  /**
   * Witness of its failures, which spares an alarm on them.
   *
   * @default - nobody does but its alarm
   */
  readonly failuresAreSeenBy?: 'its caller' | 'an alarm of the canary' | 'an alarm on late audits';
}

/** Retries, longest age and dead-letter queue of asynchronous invocations. */
export interface UnattendedProps {
  readonly retryAttempts: number;
  readonly maxEventAge: Duration;
  readonly deadLetterQueue: IQueue;
}

/** The queue that feeds a function, and how many messages it gets at once. */
export interface FeedProps {
  readonly queue: IQueue;
  readonly batchSize: number;
  /** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
  readonly maxConcurrency: number;
  /** Whether the function names the messages that failed, rather than failing as a whole. */
  readonly reportBatchItemFailures: boolean;
}

/** A function with a log of its own and a role that allows what it calls, and never the value of a secret. */
export class MonitoredFunction extends Construct {
  readonly function: LambdaFunction;
  readonly logGroup: LogGroup;
  readonly failuresAreSeenBy: MonitoredFunctionProps['failuresAreSeenBy'] | undefined;

  constructor(scope: Construct, id: string, props: MonitoredFunctionProps) {
    super(scope, id);
    this.failuresAreSeenBy = props.failuresAreSeenBy;
    const { handlerName, functionName, description, memorySize, timeout, logRetention } = props;
    this.logGroup = new LogGroup(this, 'Log', {
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.function = new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      functionName,
      code: props.code,
      handler: `${handlerName}.handler`,
      description,
      environment: { ...props.environment },
      memorySize,
      timeout,
      role: this.#defineRole(props).withoutPolicyUpdates(),
      logGroup: this.logGroup,
      // https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
      recursiveLoop: props.feedsItself ? RecursiveLoop.ALLOW : RecursiveLoop.TERMINATE,
    });
    if (props.feed !== undefined) this.#defineFeed(props.feed);
    if (props.unattended !== undefined) this.#defineRetries(props.unattended);
  }

  #defineRole({ permissions, unattended }: MonitoredFunctionProps): Role {
    const statements = [
      neverReadValues(),
      writeLog(this.logGroup),
      ...permissions,
      ...(unattended === undefined ? [] : [putAside(unattended.deadLetterQueue)]),
    ];
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { Calls: new PolicyDocument({ statements }) },
    });
    acknowledgeWildcards(role, statements);
    checkPolicySize(role, statements);
    return role;
  }

  #defineFeed({ queue, ...props }: FeedProps): void {
    new EventSourceMapping(this, 'Feed', {
      target: this.function,
      eventSourceArn: queue.queueArn,
      ...props,
    });
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
  #defineRetries({ retryAttempts, maxEventAge, deadLetterQueue }: UnattendedProps): void {
    new CfnEventInvokeConfig(this, 'Retries', {
      functionName: this.function.functionName,
      qualifier: '$LATEST',
      maximumRetryAttempts: retryAttempts,
      maximumEventAgeInSeconds: maxEventAge.toSeconds(),
      destinationConfig: { onFailure: { destination: deadLetterQueue.queueArn } },
    });
  }
}

import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { invoke, putAside, useKeyForMessages } from '../permissions/permissions.ts';
import { ScheduleGroup } from './schedule-group.ts';

/** A function that a schedule invokes, and the place of what cannot be handed over. */
export interface Scheduled {
  readonly function: IFunction;
  /** Gets what could not be handed over. */
  readonly deadLetterQueue: IQueue;
  /** Encrypts the queue. */
  readonly encryptionKey: IKey;
}

/** Properties of a schedule, in the terms of EventBridge Scheduler. */
export interface ScheduleProps {
  readonly scheduled: Scheduled;
  readonly description: string;
  readonly scheduleExpression: string;
  /** @default - UTC */
  readonly scheduleExpressionTimezone?: string;
  readonly retryPolicy: CfnSchedule.RetryPolicyProperty;
}

/** Defines a schedule of a function in a scope, and its group as `Group`. */
export function defineSchedule(scope: Construct, id: string, { scheduled, ...when }: ScheduleProps): void {
  const { function: invoked, deadLetterQueue, encryptionKey } = scheduled;
  const group = new ScheduleGroup(scope, 'Group', [
    invoke(invoked.functionArn),
    putAside(deadLetterQueue),
    useKeyForMessages(encryptionKey),
  ]);
  const { retryPolicy, ...schedule } = when;
  new CfnSchedule(scope, id, {
    ...schedule,
    groupName: group.groupName,
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: invoked.functionArn,
      roleArn: group.role.roleArn,
      input: '{}',
      deadLetterConfig: { arn: deadLetterQueue.queueArn },
      retryPolicy,
    },
  });
}

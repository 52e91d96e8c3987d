import { Aws } from 'aws-cdk-lib';
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { CfnRotationSchedule } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { invoke, putAside, useKeyForMessages } from '../permissions/permissions.ts';
import type { CanarySecret } from './canary-secret.ts';
import { ScheduleGroup } from './schedule-group.ts';

/** Properties of {@link CanaryLife}. */
export interface CanaryLifeProps {
  readonly canary: CanarySecret;
  /** Rotates it. */
  readonly rotationFunction: IFunction;
  /** Tags it. */
  readonly tickFunction: IFunction;
  /** Gets what could not be handed over. */
  readonly deadLetterQueue: IQueue;
}

/**
 * Schedule of the canary: as often as Secrets Manager rotates, within the shortest window.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
 */
const ROTATION_RULES = { scheduleExpression: 'rate(4 hours)', duration: '1h' };
/** A tick that comes later than this is as good as the next one. */
const MAX_TICK_AGE_SECONDS = 3600;

/** Gives the canary its events: its rotation every four hours and its tag every hour. */
export class CanaryLife extends Construct {
  constructor(scope: Construct, id: string, props: CanaryLifeProps) {
    super(scope, id);
    this.#defineRotation(props);
    this.#defineTick(props);
  }

  #defineRotation({ canary, rotationFunction }: CanaryLifeProps): void {
    const permission = new CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: rotationFunction.functionArn,
      principal: 'secretsmanager.amazonaws.com',
      sourceAccount: Aws.ACCOUNT_ID,
    });
    const schedule = new CfnRotationSchedule(this, 'Rotation', {
      secretId: canary.arn,
      rotationLambdaArn: rotationFunction.functionArn,
      rotationRules: ROTATION_RULES,
    });
    schedule.addResourceDependency(permission);
  }

  #defineTick({ canary, tickFunction, deadLetterQueue }: CanaryLifeProps): void {
    const group = new ScheduleGroup(this, 'Group', [
      invoke(tickFunction.functionArn),
      putAside(deadLetterQueue),
      useKeyForMessages(canary.encryptionKey),
    ]);
    new CfnSchedule(this, 'Tick', {
      description: 'Tags the canary',
      groupName: group.groupName,
      scheduleExpression: 'rate(1 hour)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: tickFunction.functionArn,
        roleArn: group.role.roleArn,
        input: '{}',
        deadLetterConfig: { arn: deadLetterQueue.queueArn },
        retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: MAX_TICK_AGE_SECONDS },
      },
    });
  }
}

import { Aws } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnRotationSchedule, CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { SettingTexts } from '../props/environment.ts';
import { defineSchedule } from './define-schedule.ts';

/** Properties of a {@link CanarySecret}. */
interface CanarySecretProps {
  readonly encryptionKey: IKey;
}

/** A secret that nobody uses: it is there to have events of. */
export class CanarySecret extends Construct {
  readonly arn: string;
  readonly encryptionKey: IKey;
  /** Settings from which functions learn the name of the canary. */
  readonly settings: SettingTexts;

  constructor(scope: Construct, id: string, { encryptionKey }: CanarySecretProps) {
    super(scope, id);
    const secret = new CfnSecret(this, 'Secret', {
      description: 'Canary of the secret rotation monitor: nobody uses it',
      kmsKeyId: encryptionKey.keyArn,
      generateSecretString: {},
    });
    this.arn = secret.ref;
    this.encryptionKey = encryptionKey;
    this.settings = { canarySecretArn: this.arn };
  }
}

/** Properties of {@link CanaryLife}. */
interface CanaryLifeProps {
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
    defineSchedule(this, 'Tick', {
      scheduled: { function: tickFunction, deadLetterQueue, encryptionKey: canary.encryptionKey },
      description: 'Tags the canary',
      scheduleExpression: 'rate(1 hour)',
      retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: MAX_TICK_AGE_SECONDS },
    });
  }
}

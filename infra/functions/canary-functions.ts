import { Aws } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CanarySecret } from '../constructs/canary.ts';
import { type FunctionSpec, SHORT } from '../constructs/function-spec.ts';
import type { MonitorResources } from '../constructs/monitor-resources.ts';
import { allow } from '../permissions/permissions.ts';

/** Rotates the canary; Secrets Manager waits for it. */
const canaryRotation = (canary: CanarySecret): FunctionSpec => ({
  handlerName: 'canary-rotation',
  description: 'Rotates the canary; before noon UTC each rotation fails once on purpose',
  timeout: SHORT,
  permissions: [rotateCanary(canary), useKeyForCanary(canary)],
});

/** Tags the canary. */
const canaryTick = (canary: CanarySecret): FunctionSpec => ({
  handlerName: 'canary-tick',
  failuresAreSeenBy: 'an alarm of the canary',
  description: 'Tags the canary, so that an API call is recorded',
  timeout: SHORT,
  permissions: [tagCanary(canary), useKeyForCanary(canary)],
  retryAttempts: 2,
});

/** Allows rotating the canary, without ever reading a value of it. */
const rotateCanary = ({ arn }: CanarySecret): PolicyStatement =>
  allow(
    'RotateCanary',
    ['DescribeSecret', 'PutSecretValue', 'TagResource', 'UpdateSecretVersionStage'].map(
      (action) => `secretsmanager:${action}`,
    ),
    { resources: [arn] },
  );

/** Allows writing a tag of the canary. */
const tagCanary = ({ arn }: CanarySecret): PolicyStatement =>
  allow('TagCanary', ['secretsmanager:TagResource'], { resources: [arn] });

/**
 * Allows encrypting new values of the canary, through Secrets Manager alone, which asks for both.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
const useKeyForCanary = ({ arn, encryptionKey }: CanarySecret): PolicyStatement =>
  allow('UseKeyForCanary', ['kms:Decrypt', 'kms:GenerateDataKey'], {
    resources: [encryptionKey.keyArn],
    conditions: {
      StringEquals: {
        'kms:ViaService': `secretsmanager.${Aws.REGION}.amazonaws.com`,
        'kms:EncryptionContext:SecretARN': arn,
      },
    },
  });

/** The functions of the canary. */
export const canaryFunctions = ({ canary }: MonitorResources): readonly FunctionSpec[] =>
  canary === undefined ? [] : [canaryRotation(canary), canaryTick(canary)];

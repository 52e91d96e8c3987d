import { Aws } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CanarySecret } from '../constructs/canary-secret.ts';
import { allow } from '../permissions/permissions.ts';

/** To rotate the canary, without ever reading a value of it. */
export const rotateCanary = ({ arn }: CanarySecret): PolicyStatement =>
  allow(
    'RotateCanary',
    ['DescribeSecret', 'PutSecretValue', 'TagResource', 'UpdateSecretVersionStage'].map(
      (action) => `secretsmanager:${action}`,
    ),
    { resources: [arn] },
  );

/** To write a tag of the canary. */
export const tagCanary = ({ arn }: CanarySecret): PolicyStatement =>
  allow('TagCanary', ['secretsmanager:TagResource'], { resources: [arn] });

/**
 * To encrypt new values of the canary, through Secrets Manager alone, which asks for both.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
export const useKeyForCanary = ({ arn, encryptionKey }: CanarySecret): PolicyStatement =>
  allow('UseKeyForCanary', ['kms:Decrypt', 'kms:GenerateDataKey'], {
    resources: [encryptionKey.keyArn],
    conditions: {
      StringEquals: {
        'kms:ViaService': `secretsmanager.${Aws.REGION}.amazonaws.com`,
        'kms:EncryptionContext:SecretARN': arn,
      },
    },
  });

import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { SettingTexts } from '../props/environment.ts';

/** Properties of a {@link CanarySecret}. */
export interface CanarySecretProps {
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

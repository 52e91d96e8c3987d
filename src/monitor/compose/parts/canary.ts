import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsManagerCanary } from '../../adapters/secrets-manager/secrets-manager-canary.ts';
import type { Service } from '../../application/service.ts';
import type { Joints } from '../joints/joints.ts';

/** The canary; undefined unless it is set. */
export const canary = ({ config: { canarySecretArn }, sdk }: Joints): Pick<Service, 'canary'> => ({
  canary:
    canarySecretArn === undefined
      ? undefined
      : secretsManagerCanary(new SecretsManagerClient(sdk), canarySecretArn),
});

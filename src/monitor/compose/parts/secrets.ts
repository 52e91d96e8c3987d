import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsManagerCatalog } from '../../adapters/secrets-manager/secrets-manager-catalog.ts';
import type { Service } from '../../application/service.ts';
import type { Joints } from '../joints/joints.ts';

/** Makes the catalog that reads from Secrets Manager. */
export const secrets = ({ sdk }: Joints): Pick<Service, 'catalog'> => ({
  catalog: secretsManagerCatalog(new SecretsManagerClient(sdk)),
});

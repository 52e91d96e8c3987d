import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { secretsManagerCatalog } from '../../adapters/secrets-manager/secrets-manager-catalog.ts';
import { securityHubFindings } from '../../adapters/security-hub/security-hub-findings.ts';
import type { Pushing } from '../../application/report/push-findings.ts';
import { partitionOfRegion } from '../joints/hub-controls.ts';
import type { Connected } from './compose-connection.ts';

/** Composes a push into Security Hub with the credentials of the caller, who has to be of the account. */
export function composePushing(
  { sdk }: Pick<Connected, 'sdk'>,
  by: Omit<Pushing, 'hubOf' | 'catalogOf'>,
): Pushing {
  return {
    ...by,
    hubOf: (target) =>
      securityHubFindings(
        new SecurityHubClient({ ...sdk, region: target.region }),
        target,
        partitionOfRegion(target.region),
      ),
    catalogOf: ({ region }) => secretsManagerCatalog(new SecretsManagerClient({ ...sdk, region })),
  };
}

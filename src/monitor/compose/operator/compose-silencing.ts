import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsManagerCatalog } from '../../adapters/secrets-manager/secrets-manager-catalog.ts';
import { secretsManagerTagWriter } from '../../adapters/secrets-manager/secrets-manager-tag-writer.ts';
import type { SecretCatalog } from '../../ports/look/secret-catalog.ts';
import type { TagWriter } from '../../ports/repair/tag-writer.ts';
import type { Connected } from './compose-connection.ts';

/** Secrets and their tags. */
export interface Silencing {
  readonly catalog: SecretCatalog;
  readonly tags: TagWriter;
}

/** Composes the service that writes silences. */
export function composeSilencing({ sdk }: Pick<Connected, 'sdk'>): Silencing {
  const client = new SecretsManagerClient(sdk);
  return { catalog: secretsManagerCatalog(client), tags: secretsManagerTagWriter(client) };
}

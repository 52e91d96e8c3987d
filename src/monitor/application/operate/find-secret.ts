import { nearestNames } from '../../domain/secret/nearest-names.ts';
import { asSecretArn, type Secret } from '../../domain/secret/secret.ts';
import type { SecretCatalog } from '../../ports/look/secret-catalog.ts';

/** A secret, or the names that come nearest to the one that was given. */
export type FoundSecret =
  | { readonly kind: 'found'; readonly secret: Secret }
  | { readonly kind: 'missing'; readonly observed: number; readonly nearest: readonly string[] };

/** Number of names that are proposed. */
const NEAREST = 3;

/**
 * Finds a secret by its name, its ARN, an ARN without the suffix, or the id of an alert, which begins with the ARN. Only
 * where there is none are the names of all secrets read.
 */
export async function findSecret(catalog: SecretCatalog, text: string): Promise<FoundSecret> {
  const id = withoutAlert(text.trim());
  const secret = id === '' ? undefined : await catalog.describe(id);
  if (secret !== undefined) return { kind: 'found', secret };
  const names: string[] = [];
  for await (const page of catalog.list()) names.push(...page.secrets.map(({ name }) => name));
  return { kind: 'missing', observed: names.length, nearest: nearestNames(names, nameIn(id), NEAREST) };
}

/** The ARN in the id of an alert, `<ARN>#<version or code>`; no name and no ARN has such a mark in it. */
const withoutAlert = (text: string): string => {
  const [first = ''] = text.split('#');
  return asSecretArn(first) ?? text;
};

/** The name in an ARN, whole or partial. */
const nameIn = (id: string): string => /:secret:(.+?)(?:-[A-Za-z0-9]{6})?$/.exec(id)?.[1] ?? id;

import { asSecretArn, type Secret } from '../../monitor/domain/secret/secret.ts';
import { CatalogError, type SecretCatalog } from '../../monitor/ports/look/secret-catalog.ts';
import { CliError } from '../terminal/cli-error.ts';
import { operand, withOptions } from '../terminal/operand.ts';
import { type Place, whereOf } from './aws-fault.ts';

/** Finds the secret that an operator named; fails with the nearest names when there is none. */
export async function namedSecret(
  catalog: SecretCatalog,
  id: string,
  { place, command }: { readonly place: Place; readonly command: string },
): Promise<Secret> {
  const found = await findSecret(catalog, id);
  if (found.kind === 'found') return found.secret;
  const { observed, nearest } = found;
  const [first = 'prod/db'] = nearest;
  throw new CliError({
    what: `Cannot find the secret "${id}"`,
    details: [
      `None of the ${observed.toLocaleString('en-US')} secrets of ${whereOf(place)} has this name or ARN.`,
    ],
    solve:
      nearest.length === 0
        ? ['Check region and account: a secret is found in its own region only.']
        : [`Did you mean ${nearest.join(', ')}?`, 'If not, check region and account.'],
    example: withOptions(
      `${command} ${operand(first)}`,
      ...(place.region === '' ? [] : [`--region ${place.region}`]),
    ),
  });
}

/** A secret, or the names that come nearest to the one that was given. */
type FoundSecret =
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
  const secret = id === '' ? undefined : await described(catalog, id);
  if (secret !== undefined) return { kind: 'found', secret };
  const names: string[] = [];
  for await (const page of catalog.list()) names.push(...page.secrets.map(({ name }) => name));
  return { kind: 'missing', observed: names.length, nearest: nearestNames(names, nameIn(id), NEAREST) };
}

/** The secret; undefined also for a text that AWS refuses as the name of any. */
async function described(catalog: Pick<SecretCatalog, 'describe'>, id: string): Promise<Secret | undefined> {
  try {
    return await catalog.describe(id);
  } catch (error) {
    if (error instanceof CatalogError && error.reason === 'invalid') return undefined;
    throw error;
  }
}

/** The ARN in the id of an alert, `<ARN>#<version or code>`; no name and no ARN has such a mark in it. */
const withoutAlert = (text: string): string => {
  const [first = ''] = text.split('#');
  return asSecretArn(first) ?? text;
};

/** The name in an ARN, whole or partial. */
const nameIn = (id: string): string => /:secret:(.+?)(?:-[A-Za-z0-9]{6})?$/.exec(id)?.[1] ?? id;

/** Longer names are compared by their beginnings: what people mistype is near it. */
const COMPARED = 64;

/** The names that come nearest to a text, nearest first, as far as they resemble it at all. */
export function nearestNames(names: readonly string[], text: string, most: number): readonly string[] {
  const wanted = text.toLowerCase().slice(0, COMPARED);
  return names
    .map((name) => ({ name, distance: distanceOf(name.toLowerCase().slice(0, COMPARED), wanted) }))
    .filter(({ name, distance }) => distance < Math.max(name.length, wanted.length))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
}

/** A name that holds the text, or is held by it, is nearer than one that only has as many letters. */
function distanceOf(name: string, wanted: string): number {
  const edits = editsBetween(name, wanted);
  const holds = wanted.length > 1 && (name.includes(wanted) || (name.length > 1 && wanted.includes(name)));
  return holds ? Math.min(1, edits) : edits;
}

/**
 * Returns the number of letters to insert, delete or replace to turn one text into the other: Levenshtein's distance,
 * by the row. https://en.wikipedia.org/wiki/Levenshtein_distance#Iterative_with_two_matrix_rows
 */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let at = 1; at <= a.length; at++) {
    const next = [at];
    for (let other = 1; other <= b.length; other++) {
      const replaced = (row[other - 1] ?? 0) + (a[at - 1] === b[other - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[other] ?? 0) + 1, (next[other - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

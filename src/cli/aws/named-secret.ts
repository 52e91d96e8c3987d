import { findSecret } from '../../monitor/application/operate/find-secret.ts';
import type { Secret } from '../../monitor/domain/secret/secret.ts';
import type { SecretCatalog } from '../../monitor/ports/look/secret-catalog.ts';
import { CliError } from '../terminal/cli-error.ts';
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
    example: `${command} ${first}${place.region === '' ? '' : ` --region ${place.region}`}`,
  });
}

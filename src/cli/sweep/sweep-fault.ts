import { formatDuration } from '../../calendar/instant.ts';
import { plural } from '../../calendar/plural.ts';
import type { CatalogError } from '../../monitor/ports/look/secret-catalog.ts';
import { type Attempted, awsFault, type Place, unreached, whereOf } from '../aws/aws-fault.ts';
import { CliError } from '../terminal/cli-error.ts';

/** The task of a sweep, for the message when it fails. */
export const SWEEPING: Omit<Attempted, 'place'> = {
  what: 'Cannot check the secrets',
  needs: [
    'secretsmanager:ListSecrets',
    'secretsmanager:DescribeSecret',
    'secretsmanager:ListSecretVersionIds',
  ],
  command: 'rotation-monitor sweep',
};

const cannotLook = (place: Place): string => `${SWEEPING.what} of ${whereOf(place)}`;

/** Nobody answered in time. */
export const silenceFault = (place: Place, withinMs: number): CliError =>
  new CliError({
    what: cannotLook(place),
    details: [`Nothing answered within ${formatDuration(withinMs)}.`],
    ...unreached(place),
  });

/** ListSecrets failed, at once or after some pages. */
export const listingFault = (failure: CatalogError, place: Place, observed: number): CliError =>
  awsFault(failure, {
    ...SWEEPING,
    what: cannotLook(place),
    place,
    details:
      observed === 0
        ? []
        : [`${plural(observed, 'secret')} had been checked before; they are not in any result.`],
  });

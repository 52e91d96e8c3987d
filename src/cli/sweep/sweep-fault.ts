import { formatDuration } from '../../calendar/instant.ts';
import type { ComposedSweep } from '../../monitor/compose/compose-dry-sweep.ts';
import type { FailureReason } from '../../monitor/ports/failure.ts';
import type { CatalogError } from '../../monitor/ports/look/secret-catalog.ts';
import { CliError, type CliErrorParts } from '../terminal/cli-error.ts';

/** Where the sweep looks, in the operator's words. */
export interface Place {
  /** Undefined for AWS itself. */
  readonly endpointUrl: string | undefined;
  /** Empty while it is unknown. */
  readonly region: string;
  readonly profile: string | undefined;
}

const whereOf = ({ endpointUrl, region }: Place): string =>
  endpointUrl === undefined ? `AWS in ${region}` : `${endpointUrl} (${region})`;

const cannotLook = (place: Place): string => `Cannot look at the secrets of ${whereOf(place)}`;

/** Nobody knows which region to look at. */
const regionFault = (reason: string): CliError =>
  new CliError({
    what: 'Cannot look at any secrets: no region is known',
    details: [`${reason.replace(/\.$/, '')}.`],
    solve: ['Name one with --region, in AWS_REGION, or in the profile.'],
    example: 'rotation-monitor sweep --region eu-west-1',
  });

/** No credentials were found. */
const credentialsFault = (reason: string, { profile, region }: Place): CliError =>
  new CliError({
    what: 'Cannot look at any secrets: no credentials were found',
    details: [`${reason.replace(/\.$/, '')}${profile === undefined ? '' : ` (profile "${profile}")`}.`],
    solve: [
      'Log in as for the AWS CLI, for instance with `aws sso login`, or name another profile with --profile.',
      'The sweep needs secretsmanager:ListSecrets, DescribeSecret and ListSecretVersionIds; it reads no secret value.',
    ],
    example: `rotation-monitor sweep --profile audit --region ${region || 'eu-west-1'}`,
  });

/** Nobody answered in time. */
export const silenceFault = (place: Place, withinMs: number): CliError =>
  new CliError({
    what: cannotLook(place),
    details: [`Nothing answered within ${formatDuration(withinMs)}.`],
    ...unreached(place),
  });

/** ListSecrets failed, at once or after some pages. */
export function listingFault(failure: CatalogError, place: Place, observed: number): CliError {
  const progress =
    observed === 0 ? [] : [`${observed} secrets had been looked at before; nothing is said about them.`];
  const details = [`${failure.message}.`, ...said(failure.cause), ...progress];
  return new CliError(
    { what: cannotLook(place), details, ...remedy(failure.reason, place) },
    { cause: failure },
  );
}

/** The region or the credentials that a sweep could not be composed without. */
export const notReady = (composed: Exclude<ComposedSweep, { kind: 'ready' }>, place: Place): CliError =>
  composed.kind === 'no-region' ? regionFault(composed.reason) : credentialsFault(composed.reason, place);

type Remedy = Pick<CliErrorParts, 'solve' | 'example'>;

/** What the service or the SDK said in words; AggregateErrors of node:net have none. */
const said = (cause: unknown): readonly string[] =>
  cause instanceof Error && cause.message !== '' ? [`It said: ${cause.message}`] : [];

function remedy(reason: FailureReason, place: Place): Remedy {
  switch (reason) {
    case 'denied':
      return {
        solve: [
          'Check that the credentials are valid and may call secretsmanager:ListSecrets, DescribeSecret and ListSecretVersionIds.',
        ],
        example: `aws sts get-caller-identity --region ${place.region}`,
      };
    case 'throttled':
      return {
        solve: ['Try again later: others use up the quota of ListSecrets, 100 calls a second.'],
        example: `rotation-monitor sweep --region ${place.region}`,
      };
    case 'network':
    case 'timeout':
      return unreached(place);
    case 'not-found':
    case 'invalid':
    case 'server':
      return {
        solve: ['Check that Secrets Manager is what answers there; if it is, try again later.'],
        example: `aws secretsmanager list-secrets --max-results 1 ${callOptions(place)}`,
      };
  }
}

const unreached = (place: Place): Remedy => ({
  solve:
    place.endpointUrl === undefined
      ? ['Check that the region exists and that this machine reaches AWS: network, proxy, VPC endpoint.']
      : ['Check the address, and that something listens there.'],
  example: `aws secretsmanager list-secrets --max-results 1 ${callOptions(place)}`,
});

const callOptions = ({ endpointUrl, region }: Place): string =>
  `${endpointUrl === undefined ? '' : `--endpoint-url ${endpointUrl} `}--region ${region}`;

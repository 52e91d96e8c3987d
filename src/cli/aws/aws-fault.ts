import { RoleError } from '../../monitor/adapters/aws/role-error.ts';
import type { NotConnected } from '../../monitor/compose/operator/compose-connection.ts';
import { shellQuote } from '../../monitor/domain/shell-quote.ts';
import { CliError, type CliErrorParts } from '../terminal/cli-error.ts';
import { withOptions } from '../terminal/operand.ts';
import { type Cause, causeOf, originalOf } from './cause.ts';

/** The endpoint, region and profile of a command's calls to AWS. */
export interface Place {
  /** Undefined for AWS itself. */
  readonly endpointUrl: string | undefined;
  /** Empty while it is unknown. */
  readonly region: string;
  readonly profile: string | undefined;
}

/** The place as a sentence names it. */
export const whereOf = ({ endpointUrl, region }: Place): string =>
  endpointUrl === undefined ? `AWS in ${region}` : `${endpointUrl} (${region})`;

/** The task of a command when a call failed, and the permissions it needs. */
export interface Attempted {
  /** The task that failed, such as `Cannot explain the secret`, without a period. */
  readonly what: string;
  readonly place: Place;
  /** The permissions that it takes. */
  readonly needs: readonly string[];
  /** The command to type again. */
  readonly command: string;
  /** Further lines for the operator. */
  readonly details?: readonly string[];
}

type Remedy = Pick<CliErrorParts, 'solve' | 'example'>;

/** Explains a failed call to AWS: its real cause and the remedy. */
export function awsFault(error: unknown, attempted: Attempted): CliError {
  const { what, details = [] } = attempted;
  const needs = error instanceof RoleError ? ['sts:AssumeRole'] : attempted.needs;
  const found =
    error instanceof Error && error.message !== '' ? [`${error.message.replace(/\.$/, '')}.`] : [];
  return new CliError(
    {
      what,
      details: [...found, ...said(error), ...details],
      ...remedy(causeOf(error), { ...attempted, needs }),
    },
    { cause: error },
  );
}

/** The region or the credentials that no command can do without. */
export const notConnected = (missing: NotConnected, { what, place, command }: Attempted): CliError =>
  missing.kind === 'no-region'
    ? new CliError({
        what: `${what}: no region is known`,
        details: [`${missing.reason.replace(/\.$/, '')}.`],
        solve: ['Name one with --region, in AWS_REGION, or in the profile.'],
        example: withOptions(command, '--region eu-west-1'),
      })
    : new CliError({
        what: `${what}: no credentials were found`,
        details: [`${missing.reason.replace(/\.$/, '')}${ofProfile(place)}.`],
        ...remedyOfLack(missing.reason, { place, command }),
      });

/** Returns the remedy for the lack of credentials, by the words of the SDK's providers. */
function remedyOfLack(reason: string, { place, command }: Pick<Attempted, 'place' | 'command'>): Remedy {
  const profile = place.profile === undefined ? '' : ` --profile ${shellQuote(place.profile)}`;
  if (/multi-?factor/i.test(reason))
    return {
      solve: [
        'Type the command at a terminal, where the code can be asked for, or name a profile with an open session.',
      ],
      example: `aws sts get-caller-identity${profile}`,
    };
  if (/\bSSO\b/i.test(reason))
    return { solve: ['The session is over, or never began: log in.'], example: `aws sso login${profile}` };
  if (/credential_process/.test(reason))
    return {
      solve: ['Run the credential_process of the profile by itself and fix what it reports.'],
      example: `aws configure export-credentials${profile}`,
    };
  if (/using profile/.test(reason))
    return { solve: ['Check the name of the profile.'], example: 'aws configure list-profiles' };
  return {
    solve: [
      'Log in as for the AWS CLI, for example with `aws sso login`, or name another profile with --profile.',
    ],
    example: withOptions(command, '--profile audit', `--region ${place.region || 'eu-west-1'}`),
  };
}

const ofProfile = ({ profile }: Place): string => (profile === undefined ? '' : ` (profile "${profile}")`);

/**
 * Returns the service's or the SDK's own words, where the error at hand does not carry them; AggregateErrors of
 * node:net have none.
 */
function said(error: unknown): readonly string[] {
  const original = originalOf(error);
  if (original === error || !(original instanceof Error) || original.message === '') return [];
  return [`It said: ${original.message}`];
}

/** Returns what helps against a failure of credentials or clock, in sentences. */
export const remedyOf = (failure: unknown): readonly string[] =>
  remedy(causeOf(failure), {
    place: { endpointUrl: undefined, region: '', profile: undefined },
    needs: [],
    command: '',
  }).solve;

function remedy(cause: Cause, attempted: Omit<Attempted, 'what'>): Remedy {
  const { place, needs, command } = attempted;
  const { region, profile } = place;
  const again = withOptions(command, ...(region === '' ? [] : [`--region ${region}`]));
  const identity = `aws sts get-caller-identity${profile === undefined ? '' : ` --profile ${shellQuote(profile)}`} ${callOptions(place)}`;
  switch (cause) {
    case 'expired':
      return {
        solve: ['The session of these credentials has expired: log in again.'],
        example: `aws sso login${profile === undefined ? '' : ` --profile ${shellQuote(profile)}`}`,
      };
    case 'clock-skew':
      return {
        solve: ['The clock of this machine is more than five minutes off: set it, and try again.'],
        example: 'date -u',
      };
    case 'bad-credentials':
      return {
        solve: ['AWS rejects these credentials: check the access key and the secret key.'],
        example: identity,
      };
    case 'denied':
      return {
        solve: [`Check that the credentials may call ${listed(needs)}.`],
        example: identity,
      };
    case 'throttled':
      return { solve: ['Try again later: the quota of this call is used up.'], example: again };
    case 'unreachable':
    case 'silent':
      return unreached(place);
    case 'not-found':
    case 'invalid':
    case 'server':
      return {
        solve: ['Check that the address belongs to AWS; if it does, try again later.'],
        example: `aws secretsmanager list-secrets --max-results 1 ${callOptions(place)}`,
      };
  }
}

/** Returns the remedy for an endpoint that does not answer. */
export const unreached = (place: Place): Remedy => ({
  solve:
    place.endpointUrl === undefined
      ? ['Check that the region exists and that this machine can reach AWS: network, proxy, VPC endpoint.']
      : ['Check the address, and that something listens there.'],
  example: `aws secretsmanager list-secrets --max-results 1 ${callOptions(place)}`,
});

const callOptions = ({ endpointUrl, region }: Place): string =>
  `${endpointUrl === undefined ? '' : `--endpoint-url ${endpointUrl} `}--region ${region || 'eu-west-1'}`;

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

import type { Command } from 'commander';
import type { AwsConnection } from '../../monitor/compose/operator/compose-connection.ts';
import { asSecretArn, splitSecretArn } from '../../monitor/domain/secret/secret.ts';
import { regionOption, roleOption, urlOption } from '../terminal/options.ts';
import type { Terminal } from '../terminal/output.ts';
import type { Place } from './aws-fault.ts';

/** The options that say where and as whom to call AWS; the same for every command that does. */
export interface ConnectionOptions {
  readonly endpointUrl?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly roleArn?: string;
}

/** Gives a command the options of {@link ConnectionOptions}. */
export const withConnection = (command: Command): Command =>
  command
    .option('--region <region>', 'the region to call', regionOption)
    .option('--profile <profile>', 'the profile of the AWS configuration to call with')
    .option('--role-arn <arn>', 'a role to assume first', roleOption)
    .option('--endpoint-url <url>', 'the endpoint to call, such as the simulator or moto', urlOption);

/** Connection options and environment combined; an option wins. */
export interface Connecting {
  readonly connection: AwsConnection;
  /** The region is empty as long as only the SDK can know it. */
  readonly place: Place;
}

/**
 * Joins options and environment as the AWS CLI does, older versions of which read AWS_DEFAULT_REGION only. The ARN of a
 * secret names its region better than the environment does.
 */
export function connecting(
  { endpointUrl, region, profile, roleArn }: ConnectionOptions,
  { environment, ask }: Pick<Terminal, 'environment' | 'ask'>,
  secretId = '',
): Connecting {
  const endpoint =
    endpointUrl ??
    (environment['AWS_ENDPOINT_URL_SECRETS_MANAGER'] || environment['AWS_ENDPOINT_URL'] || undefined);
  const arn = asSecretArn(secretId);
  const named =
    region ??
    (arn === undefined
      ? environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || undefined
      : splitSecretArn(arn).region);
  const askMfaCode = ask && ((serial: string) => ask(`Code of the MFA device ${serial}: `));
  return {
    connection: {
      endpointUrl,
      region: named,
      profile,
      roleArn,
      anyCredentials: isLoopback(endpoint) && profile === undefined,
      askMfaCode,
    },
    place: { endpointUrl: endpoint, region: named ?? '', profile },
  };
}

/** Whether a URL is on this machine's own loopback: a simulator there mostly takes any credentials, if none are named. */
function isLoopback(url: string | undefined): boolean {
  if (url === undefined || !URL.canParse(url)) return false;
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
}

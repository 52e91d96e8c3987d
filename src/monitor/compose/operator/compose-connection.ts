import type { SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager';
import { STSClient } from '@aws-sdk/client-sts';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { SECOND } from '../../../calendar/instant.ts';
import {
  type HeardProviders,
  hearProviders,
  lackOfCredentials,
  regionOf,
} from '../../adapters/aws/client-readiness.ts';
import { assumedRole } from '../../adapters/sts/assumed-role.ts';
import { type CallerIdentity, callerIdentity } from '../../adapters/sts/caller-identity.ts';
import { systemClock } from '../../adapters/system/system-clock.ts';
import * as kind from '../../config/setting-kind.ts';

/** Endpoint, region and identity of an operator's calls to AWS. */
export interface AwsConnection {
  /** Address of the AWS API; the SDK's own choice when undefined. */
  readonly endpointUrl: string | undefined;
  readonly region: string | undefined;
  readonly profile: string | undefined;
  /** The role to assume with these credentials; none when undefined. */
  readonly roleArn: string | undefined;
  /** Whether made-up credentials will do where there are none, as on this machine's own loopback. */
  readonly anyCredentials: boolean;
  /** Asks the operator for the code of an MFA device, by its serial; nobody can be asked when undefined. */
  readonly askMfaCode?: ((serial: string) => Promise<string>) | undefined;
}

/** Options of every SDK client of a command. */
export type ConnectedSdk = Pick<
  SecretsManagerClientConfig,
  'region' | 'endpoint' | 'profile' | 'credentials' | 'maxAttempts' | 'requestHandler'
>;

/** A region and credentials were found. */
export interface Connected {
  readonly kind: 'ready';
  readonly sdk: ConnectedSdk;
  readonly region: string;
  /** Returns the identity as STS reports it; fails with the reason when it does not. */
  readonly caller: () => Promise<CallerIdentity>;
  /** The same after one try, for those who can do without it; undefined when STS does not report it. */
  readonly identity: () => Promise<CallerIdentity | undefined>;
  /** Alias of the account; undefined without one, or when IAM does not answer. */
  readonly alias: () => Promise<string | undefined>;
}

/** Neither an option nor the configuration of the AWS CLI named what is needed. */
export type NotConnected =
  | { readonly kind: 'no-region'; readonly reason: string }
  | { readonly kind: 'no-credentials'; readonly reason: string };

/** An operator waits: three tries, none of them for longer than a person does. What is denied or expired is not tried again. */
const PATIENCE = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 3 * SECOND, requestTimeout: 5 * SECOND, throwOnRequestTimeout: true },
} as const satisfies ConnectedSdk;

const MADE_UP = { accessKeyId: 'operator', secretAccessKey: 'operator' };

/** Name of a session in the CloudTrail of the account whose role is assumed. */
const SESSION_NAME = 'rotation-monitor';

/** Finds out where and as whom to call, as the AWS CLI does; fails with a RoleError when the role is not given. */
export async function connectAws(connection: AwsConnection): Promise<Connected | NotConnected> {
  const heard = hearProviders();
  const options = sdkOptions(connection, heard);
  const client = new STSClient(options);
  const region = await regionOf(client);
  if ('missing' in region) return { kind: 'no-region', reason: region.missing };
  if (kind.region.parse(region.value) === undefined)
    return { kind: 'no-region', reason: `"${region.value}" is not ${kind.region.expected}` };
  const lack = await lackOfCredentials(client);
  if (lack !== undefined && !connection.anyCredentials)
    return { kind: 'no-credentials', reason: heard.reason() ?? lack };
  const own = { ...options, region: region.value, ...(lack === undefined ? {} : { credentials: MADE_UP }) };
  const sdk = await inRole(own, connection.roleArn);
  return {
    kind: 'ready',
    sdk,
    region: region.value,
    caller: () => callerIdentity(new STSClient(sdk)),
    identity: () => callerIdentity(new STSClient({ ...sdk, maxAttempts: 1 })).catch(() => undefined),
    alias: async () => {
      const [{ IAMClient }, { accountAlias }] = await Promise.all([
        import('@aws-sdk/client-iam'),
        import('../../adapters/sts/account-alias.ts'),
      ]);
      return accountAlias(new IAMClient({ ...sdk, maxAttempts: 1 }));
    },
  };
}

/** A role is assumed at once, so that a refusal is reported as such. */
async function inRole(own: ConnectedSdk, roleArn: string | undefined): Promise<ConnectedSdk> {
  if (roleArn === undefined) return own;
  const role = { roleArn, externalId: undefined, sessionName: SESSION_NAME };
  const { profile: _profile, ...rest } = own;
  const credentials = assumedRole(new STSClient(own), role, systemClock);
  await credentials();
  return { ...rest, credentials };
}

function sdkOptions(
  { endpointUrl, region, profile, askMfaCode }: AwsConnection,
  { logger }: HeardProviders,
): ConnectedSdk {
  const named = profile === undefined ? {} : { profile };
  const asking = askMfaCode === undefined ? {} : { mfaCodeProvider: askMfaCode };
  return {
    ...PATIENCE,
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
    ...(region === undefined ? {} : { region }),
    ...named,
    // The SDK's own search, which is heard, and which can ask for a code where a profile wants one.
    credentials: defaultProvider({ ...named, ...asking, logger }),
  };
}

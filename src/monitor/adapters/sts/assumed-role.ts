import { AssumeRoleCommand, type STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { type Instant, instant, MINUTE } from '../../../calendar/instant.ts';
import type { Clock } from '../../ports/clock.ts';
import { RoleError } from '../aws/role-error.ts';

/** A role of another account. */
export interface ForeignRole {
  readonly roleArn: string;
  /** External id that the trust policy asks for; undefined when it asks for none. */
  readonly externalId: string | undefined;
  /** Name of the session in that account's CloudTrail. */
  readonly sessionName: string;
}

type Credentials = Extract<NonNullable<STSClientConfig['credentials']>, (...args: never[]) => unknown>;

/** Credentials are fetched again so long before they expire: longer than any call takes. */
const MARGIN_MS: number = 5 * MINUTE;

/**
 * Credentials of a role of another account, kept until shortly before they expire. A role that assumes a role gets an
 * hour at most. Fails with a {@link RoleError}.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
 */
export function assumedRole(client: STSClient, role: ForeignRole, clock: Clock): Credentials {
  let kept: { readonly credentials: ReturnType<Credentials>; readonly until: Instant } | undefined;
  return async () => {
    if (kept === undefined || clock.now() >= kept.until) {
      const credentials = await assume(client, role);
      kept = {
        credentials: Promise.resolve(credentials),
        until: instant((credentials.expiration?.getTime() ?? 0) - MARGIN_MS),
      };
    }
    return kept.credentials;
  };
}

async function assume(
  client: STSClient,
  { roleArn, externalId, sessionName }: ForeignRole,
): Promise<Awaited<ReturnType<Credentials>>> {
  const command = new AssumeRoleCommand({
    RoleArn: roleArn,
    RoleSessionName: sessionName,
    ...(externalId === undefined ? {} : { ExternalId: externalId }),
  });
  const { Credentials: given } = await client.send(command).catch((error: unknown) => {
    throw new RoleError(roleArn, error);
  });
  return {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
    ...(given?.Expiration === undefined ? {} : { expiration: given.Expiration }),
  };
}

import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';

/** The identity that makes calls. */
export interface CallerIdentity {
  /** Twelve digits. */
  readonly account: string;
  /** ARN of the user, or of the session of a role. */
  readonly arn: string;
}

/** Returns the identity of the credentials; fails with the error of the SDK when STS does not say it. */
export async function callerIdentity(client: STSClient): Promise<CallerIdentity> {
  const { Account = '', Arn = '' } = await client.send(new GetCallerIdentityCommand({}));
  return { account: Account, arn: Arn };
}

import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';

/** The identity that makes calls. */
export interface CallerIdentity {
  /** Twelve digits. */
  readonly account: string;
  /** ARN of the user, or of the session of a role. */
  readonly arn: string;
}

/** Returns the identity of the credentials; undefined when STS does not answer, whatever the reason. */
export async function callerIdentity(client: STSClient): Promise<CallerIdentity | undefined> {
  try {
    const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}));
    return Account === undefined || Arn === undefined ? undefined : { account: Account, arn: Arn };
  } catch {
    return undefined;
  }
}

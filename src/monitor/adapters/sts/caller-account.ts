import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';

/** The account that the credentials belong to; undefined when STS does not tell, whatever the reason. */
export async function callerAccount(client: STSClient): Promise<string | undefined> {
  try {
    const { Account } = await client.send(new GetCallerIdentityCommand({}));
    return Account;
  } catch {
    return undefined;
  }
}

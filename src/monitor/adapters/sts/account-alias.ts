import { type IAMClient, ListAccountAliasesCommand } from '@aws-sdk/client-iam';

/** Returns the alias of the account of the credentials; undefined without one, or when IAM does not answer, whatever the reason. */
export async function accountAlias(client: IAMClient): Promise<string | undefined> {
  try {
    const { AccountAliases = [] } = await client.send(new ListAccountAliasesCommand({}));
    return AccountAliases[0];
  } catch {
    return undefined;
  }
}

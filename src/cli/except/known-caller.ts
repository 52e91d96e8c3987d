import type { Called } from '../aws/calling.ts';
import { CliError } from '../terminal/cli-error.ts';

/** Returns the caller's identity, which asking and approving need. Throws where STS does not say it. */
export async function knownCaller({
  connected,
  place,
}: Called): Promise<{ readonly account: string; readonly arn: string }> {
  const caller = await connected.identity();
  if (caller !== undefined) return caller;
  throw new CliError({
    what: 'Cannot find out who you are',
    details: ['STS did not answer, and an exception names who asks for it and who approves it.'],
    solve: ['Check that the credentials are valid and that this machine reaches STS.'],
    example: `aws sts get-caller-identity --region ${place.region}`,
  });
}

import type { CallerIdentity } from '../../monitor/adapters/sts/caller-identity.ts';
import { awsFault, whereOf } from './aws-fault.ts';
import type { Called } from './calling.ts';
import { isAwsError } from './cause.ts';

/** Returns the caller's identity, which the command cannot do without; fails with the reason where STS does not say it. */
export async function knownCaller({ connected, place }: Called, command: string): Promise<CallerIdentity> {
  try {
    return await connected.caller();
  } catch (error) {
    if (!isAwsError(error)) throw error;
    const what = `Cannot find out who you are at ${whereOf(place)}`;
    throw awsFault(error, { what, place, needs: ['sts:GetCallerIdentity'], command });
  }
}

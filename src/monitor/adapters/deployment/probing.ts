import { DeploymentProbeError } from '../../ports/watch/deployment-probe.ts';
import { describeFailure, failureOf } from '../aws/failure-of.ts';

/** Calls AWS; what fails becomes the error of the port. */
export async function probing<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw new DeploymentProbeError(`Cannot ${what}: ${describeFailure(error)}`, {
      ...failureOf(error),
      cause: error,
    });
  }
}

/** The same, undefined where there is no such thing. */
export const probingFor = <T>(what: string, call: () => Promise<T>): Promise<T | undefined> =>
  probing(what, () =>
    call().catch((error: unknown) => {
      if (failureOf(error).reason === 'not-found') return undefined;
      throw error;
    }),
  );

import type { SecretResponse } from '../../../client/src/cache/secret-value.ts';
import type { SecretRequest, SecretSource } from '../../../client/src/source.ts';

const HOME = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:';

/** An ARN of the account that the fakes play. */
export const arnOf = (name: string, suffix = 'AbCdEf'): string => `${HOME}${name}-${suffix}`;

/** An answer of GetSecretValue. */
export const aResponse = (overrides: Partial<SecretResponse> = {}): SecretResponse => ({
  ARN: arnOf(overrides.Name ?? 'orders/db'),
  Name: 'orders/db',
  VersionId: 'v1',
  VersionStages: ['AWSCURRENT'],
  CreatedDate: new Date('2026-11-29T00:00:00Z'),
  SecretString: '{"username":"app","password":"hunter2"}',
  ...overrides,
});

/** A call that waits for the test's answer. */
export interface Call {
  readonly request: SecretRequest;
  readonly signal: AbortSignal;
  answer(response: SecretResponse): Promise<void>;
  fail(error: unknown): Promise<void>;
}

/** Lets everything happen that waits for nothing but promises. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A source whose answers the test gives, call by call. */
export function heldSource(): SecretSource & { readonly calls: Call[] } {
  const calls: Call[] = [];
  return {
    calls,
    read: (request, signal) =>
      new Promise((resolve, reject) => {
        calls.push({
          request,
          signal,
          answer: (response) => {
            resolve(response);
            return settle();
          },
          fail: (error) => {
            reject(error);
            return settle();
          },
        });
      }),
  };
}

/** A source that answers at once from what `answer` says. */
export function instantSource(
  answer: (request: SecretRequest) => SecretResponse | Error,
): SecretSource & { readonly requests: SecretRequest[] } {
  const requests: SecretRequest[] = [];
  return {
    requests,
    read: async (request) => {
      requests.push(request);
      const result = answer(request);
      if (result instanceof Error) throw result;
      return result;
    },
  };
}

/** An error as the SDK throws it. */
export const sdkError = (name: string, httpStatusCode: number, message = 'No.'): Error =>
  Object.assign(new Error(message), {
    name,
    $fault: httpStatusCode >= 500 ? 'server' : 'client',
    $metadata: { httpStatusCode },
  });

/** A clock that the test moves. */
export function handClock(start = 1_000_000): { now: () => number; pass: (ms: number) => void } {
  let at = start;
  return {
    now: () => at,
    pass: (ms) => {
      at += ms;
    },
  };
}

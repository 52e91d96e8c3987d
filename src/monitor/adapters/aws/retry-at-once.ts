import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

type RetryStrategy = NonNullable<DynamoDBClientConfig['retryStrategy']>;

/** Failures that the SDK's own strategy tries again. */
const RETRIED: readonly string[] = ['THROTTLING', 'TRANSIENT', 'SERVER_ERROR'];

/** Tries as often as the SDK would, without its pauses: where time is simulated, waiting would only cost real time. */
export const retryAtOnce = (maxAttempts: number): RetryStrategy => ({
  mode: 'standard',
  acquireInitialRetryToken: async () => token(0),
  refreshRetryTokenForRetry: async (last, { errorType }) => {
    const retries = last.getRetryCount() + 1;
    if (retries >= maxAttempts || !RETRIED.includes(errorType)) throw new Error('No further attempt');
    return token(retries);
  },
  recordSuccess: () => undefined,
});

const token = (retries: number) => ({ getRetryCount: () => retries, getRetryDelay: () => 0 });

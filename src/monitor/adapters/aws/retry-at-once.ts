import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';

type RetryStrategy = NonNullable<DynamoDBClientConfig['retryStrategy']>;

/**
 * Tries as often as the SDK would, without its pauses: where time is simulated, waiting would only cost real time. One
 * that tries by itself spares each call the tokens, and the error that the SDK prepares before anything failed.
 */
export const retryAtOnce = (maxAttempts: number): RetryStrategy => ({
  retry: async (next, args) => {
    for (let attempts = 1; ; attempts++) {
      try {
        const answer = await next(args);
        note(answer.output.$metadata, attempts);
        return answer;
      } catch (error) {
        if (attempts < maxAttempts && isTriedAgain(Object(error))) continue;
        if (error instanceof Error) note(metadataOf(error), attempts);
        throw error;
      }
    }
  },
});

type SdkError = Parameters<typeof isServerError>[0];

/** Whether the SDK's own strategy tries again after a failure. */
const isTriedAgain = (error: SdkError): boolean =>
  isThrottlingError(error) || isTransientError(error) || isServerError(error);

interface Metadata {
  attempts?: number;
  totalRetryDelay?: number;
}

function note(metadata: Metadata, attempts: number): void {
  metadata.attempts = attempts;
  metadata.totalRetryDelay = 0;
}

function metadataOf(error: Error & { $metadata?: Metadata }): Metadata {
  error.$metadata ??= {};
  return error.$metadata;
}

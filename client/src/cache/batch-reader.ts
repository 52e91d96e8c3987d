import { readFailure } from '../aws/read-failure.ts';
import type { BatchResult, SecretSource } from '../source.ts';
import type { Fetch } from './flights.ts';
import type { SecretResponse } from './secret-value.ts';

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html */
const MAX_BATCH = 20;

/** One secret that waits for its batch. */
interface Waiting {
  readonly secretId: string;
  readonly signal: AbortSignal;
  readonly resolve: (response: SecretResponse | Promise<SecretResponse>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads that start in one turn of the event loop go out in batches. Where batches are denied or not known, each
 * secret is read alone.
 */
export function batchReader(source: SecretSource): Fetch {
  let waiting: Waiting[] = [];
  const flush = () => {
    const batch = waiting;
    waiting = [];
    for (let start = 0; start < batch.length; start += MAX_BATCH)
      void readBatch(source, batch.slice(start, start + MAX_BATCH));
  };
  return (secretId, signal) =>
    new Promise((resolve, reject) => {
      if (waiting.push({ secretId, signal, resolve, reject }) === 1) queueMicrotask(flush);
    });
}

async function readBatch(source: SecretSource, batch: readonly Waiting[]): Promise<void> {
  const alone = ({ secretId, signal, resolve }: Waiting) => resolve(source.read({ secretId }, signal));
  const [first] = batch;
  if (source.readMany === undefined || first === undefined || batch.length === 1) {
    batch.forEach(alone);
    return;
  }
  const ids = batch.map(({ secretId }) => secretId);
  const results = await source.readMany(ids, first.signal).catch(failedAlike(ids));
  for (const one of batch) {
    const result = results.get(one.secretId);
    if (result === undefined) alone(one);
    else if (result instanceof Error) one.reject(result);
    else one.resolve(result);
  }
}

/** A batch that failed as a whole: each secret has its error, or is read alone where only batches fail. */
const failedAlike =
  (secretIds: readonly string[]) =>
  (thrown: unknown): BatchResult => {
    const error = readFailure(secretIds.join(', '), thrown);
    return error.retryable ? new Map(secretIds.map((secretId) => [secretId, error])) : new Map();
  };

import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import type { GetSecretValueCommandOutput, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SecretCache } from '../../client/src/cache/secret-cache.ts';

/** A way of reading secrets that is measured. */
export interface Reader {
  readonly name: string;
  get(secretId: string): Promise<unknown>;
  /** Drops everything; undefined where a reader cannot. */
  invalidateAll?(): void;
}

/** The secrets are 300 bytes of text. */
const TEXT = 'x'.repeat(300);
const TTL_MS = 300_000;

/** Returns the SDK's answer for a name. */
function answer(name: string): GetSecretValueCommandOutput {
  // Parsed, as the SDK does it: every text is flat and its own.
  const parsed = JSON.parse(JSON.stringify(fields(name))) as GetSecretValueCommandOutput;
  return { ...parsed, CreatedDate: new Date(1_760_000_000_000) };
}

const fields = (name: string) => ({
  $metadata: {
    httpStatusCode: 200,
    requestId: `${name}-0000-0000-0000-000000000000`,
    attempts: 1,
    totalRetryDelay: 0,
  },
  ARN: `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}-AbCdEf`,
  Name: name,
  VersionId: `${name}-version-00000000-0000-0000-0000`,
  VersionStages: ['AWSCURRENT'],
  SecretString: `${name}${TEXT}`,
});

/** A client of the bench, and what it does. */
export interface BenchClient {
  readonly client: SecretsManagerClient;
  readonly calls: () => number;
  /** Lets calls wait until the answer is called, or lets them go on. */
  hold(): () => void;
  /** Lets all calls be throttled from now on. */
  throttle(): void;
}

/** A client that answers after a turn of the event loop and counts. */
export function countingClient(): BenchClient {
  let calls = 0;
  let held: Promise<void> | undefined;
  let throttled = false;
  const client = {
    config: { serviceId: 'Secrets Manager' },
    middlewareStack: { identify: () => [], addRelativeTo: () => undefined, add: () => undefined },
    send: async ({ input }: { input: { SecretId: string } }) => {
      calls++;
      await new Promise((resolve) => setImmediate(resolve));
      await held;
      if (throttled)
        throw Object.assign(new Error('Rate exceeded'), {
          name: 'ThrottlingException',
          $fault: 'client',
          $metadata: { httpStatusCode: 400 },
        });
      return answer(input.SecretId.replace(/^.*:secret:(.*)-AbCdEf$/, '$1'));
    },
  } as unknown as SecretsManagerClient;
  const hold = () => {
    let release: () => void = () => undefined;
    held = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  };
  const throttle = () => {
    throttled = true;
  };
  return { client, calls: () => calls, hold, throttle };
}

/** The Map with a time to live that everybody writes; it holds whole responses. */
export function mapReader(client: SecretsManagerClient, ttlMs: number = TTL_MS): Reader {
  const held = new Map<string, { value: GetSecretValueCommandOutput; until: number }>();
  const send = client.send.bind(client) as (command: object) => Promise<GetSecretValueCommandOutput>;
  return {
    name: 'Map',
    get: async (secretId) => {
      const hit = held.get(secretId);
      if (hit !== undefined && hit.until > Date.now()) return hit.value;
      const value = await send({ input: { SecretId: secretId } });
      held.set(secretId, { value, until: Date.now() + ttlMs });
      return value;
    },
  };
}

/** The same, held to a number of entries by their last use, and counting hits. */
export function boundedMapReader(client: SecretsManagerClient, ttlMs: number = TTL_MS): Reader {
  const held = new Map<string, { value: GetSecretValueCommandOutput; until: number }>();
  const stats = { hits: 0, misses: 0 };
  const send = client.send.bind(client) as (command: object) => Promise<GetSecretValueCommandOutput>;
  return {
    name: 'Map with LRU and statistics',
    get: async (secretId) => {
      const hit = held.get(secretId);
      if (hit !== undefined && hit.until > Date.now()) {
        stats.hits++;
        held.delete(secretId);
        held.set(secretId, hit);
        return hit.value;
      }
      stats.misses++;
      const value = await send({ input: { SecretId: secretId } });
      held.set(secretId, { value, until: Date.now() + ttlMs });
      const [oldest] = held.keys();
      if (held.size > 10_000 && oldest !== undefined) held.delete(oldest);
      return value;
    },
  };
}

/** SecretCache, with its bound and its statistics. */
export function ourReader(client: SecretsManagerClient, ttlMs: number = TTL_MS): Reader {
  const cache = new SecretCache({ client, maxEntries: 10_000, ttlMs });
  return {
    name: 'SecretCache',
    get: (secretId) => cache.get(secretId),
    invalidateAll: () => cache.invalidateAll(),
  };
}

/** @aws-lambda-powertools/parameters, with a longer age than its default of 5 seconds. */
export function powertoolsReader(client: SecretsManagerClient, ttlMs: number = TTL_MS): Reader {
  const provider = new SecretsProvider({ awsSdkV3Client: client });
  return {
    name: 'powertools parameters',
    get: (secretId) => provider.get(secretId, { maxAge: ttlMs / 1_000 }),
  };
}

/** The way one secret is read: how often, by how many processes, and from caches of which TTL. */
export interface Reading {
  /** Reads by all processes together. */
  readonly callsPerHour: number;
  /** Processes with a cache of their own, or machines with an agent. */
  readonly processes: number;
  /** Time a cache keeps a value. */
  readonly ttlSeconds: number;
  readonly hours: number;
}

/** Calls to Secrets Manager in that time. */
export interface SavedCalls {
  /** Every read is a call. */
  readonly direct: number;
  /** At most, with a cache in each process. */
  readonly cache: number;
  /** At most, with an agent; `most` while the version changes at every refresh. */
  readonly agent: { readonly least: number; readonly most: number };
}

/**
 * The agent asks DescribeSecret when the time is over, and for the value besides if the version has changed.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/secrets-manager-agent.html
 */
const CALLS_OF_AN_AGENT = 2;

/**
 * Returns the calls that remain with a cache or an agent: one refresh a time to live and process, never more than the
 * reads.
 */
export function savedCalls({ callsPerHour, processes, ttlSeconds, hours }: Reading): SavedCalls {
  const direct = Math.ceil(callsPerHour * hours);
  const refreshes = Math.min(direct, Math.ceil((processes * hours * 3_600) / ttlSeconds));
  return {
    direct,
    cache: refreshes,
    agent: { least: refreshes, most: Math.min(direct, CALLS_OF_AN_AGENT * refreshes) },
  };
}

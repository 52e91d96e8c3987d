/** Whether an agent answers its ping. */
export interface Availability {
  readonly available: boolean;
  readonly ms: number;
}

/** Numbers of an agent's source, counted since it was made. */
export interface AgentCounts {
  reads: number;
  requests: number;
  failures: number;
  fallbacks: number;
  answered: number;
  ms: number;
}

/** Options for publishing the counts of an agent source as CloudWatch metrics. */
export interface AgentMetricsOptions {
  /** Name of the application: the one dimension. */
  readonly service: string;
  /** Gets each document; its JSON in one line of a log becomes metrics. @default one line on stdout */
  readonly write?: ((document: EmfDocument) => void) | undefined;
  /** @default 'SecretRotation' */
  readonly namespace?: string | undefined;
  /** Shortest time between two documents, in milliseconds. @default 60000 */
  readonly everyMs?: number | undefined;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined;
}

/**
 * A document in CloudWatch's embedded metric format.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export interface EmfDocument {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly [
      {
        readonly Namespace: string;
        readonly Dimensions: readonly (readonly string[])[];
        readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
      },
    ];
  };
  readonly Service: string;
  readonly [metric: string]: unknown;
}

const UNITS = {
  AgentRequests: 'Count',
  AgentFallbacks: 'Count',
  AgentErrorRate: 'Percent',
  AgentResponseTime: 'Milliseconds',
  AgentAvailability: 'Percent',
} as const;

type Values = Readonly<Partial<Record<keyof typeof UNITS, number>>>;

/** A function that reads call: now and then it pings the agent and reports. Nothing happens between reads. */
export function agentReporter(
  options: AgentMetricsOptions | undefined,
  counts: AgentCounts,
  ping: () => Promise<Availability>,
): () => void {
  if (options === undefined) return () => undefined;
  const { now = Date.now, everyMs = 60_000, write = writeLine } = options;
  let last = now();
  let before = { ...counts };
  return () => {
    const since = now() - last;
    // A clock that was set back would silence it for as long.
    if (since >= 0 && since < everyMs) return;
    last = now();
    const counted = difference(counts, before);
    before = { ...counts };
    const report = async () => write(documentOf(valuesOf(counted, await ping()), now(), options));
    // A hook that throws must not fail a read.
    report().catch(() => undefined);
  };
}

const writeLine = (document: EmfDocument) => void process.stdout.write(`${JSON.stringify(document)}\n`);

const difference = (now: AgentCounts, before: AgentCounts): AgentCounts => ({
  reads: now.reads - before.reads,
  requests: now.requests - before.requests,
  failures: now.failures - before.failures,
  fallbacks: now.fallbacks - before.fallbacks,
  answered: now.answered - before.answered,
  ms: now.ms - before.ms,
});

const valuesOf = (
  { reads, requests, failures, fallbacks, answered, ms }: AgentCounts,
  seen: Availability,
) => ({
  AgentRequests: requests,
  AgentFallbacks: fallbacks,
  ...(reads > 0 && { AgentErrorRate: (100 * failures) / reads }),
  ...(answered > 0 && { AgentResponseTime: ms / answered }),
  AgentAvailability: seen.available ? 100 : 0,
});

/** Each metric once for all applications and once for this one. */
function documentOf(values: Values, now: number, options: AgentMetricsOptions): EmfDocument {
  const { service, namespace = 'SecretRotation' } = options;
  const names = Object.keys(UNITS).filter((name) => name in values) as (keyof typeof UNITS)[];
  const metrics = names.map((Name) => ({ Name, Unit: UNITS[Name] }));
  const directive = { Namespace: namespace, Dimensions: [[], ['Service']], Metrics: metrics };
  return {
    _aws: { Timestamp: now, CloudWatchMetrics: [directive] },
    Service: service,
    ...values,
  };
}

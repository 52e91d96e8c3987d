import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { retryAtOnce } from '../../adapters/aws/retry-at-once.ts';
import { systemClock } from '../../adapters/system/system-clock.ts';
import type { Config } from '../../config/settings.ts';
import type { Clock } from '../../ports/clock.ts';

/** The parts that tests, drill and chaos put in place of the real world. */
export interface Seams {
  readonly clock?: Clock;
  /** Serves the SDK clients in process; then nothing leaves it, and no real credentials are looked for. */
  readonly requestHandler?: NonNullable<DynamoDBClientConfig['requestHandler']>;
  /** Has clients whose calls stay in the process write and read them in another form than that of their services. */
  readonly protocol?: NonNullable<DynamoDBClientConfig['protocol']>;
  /** Takes the lines that Lambda hands to CloudWatch Logs: log records and embedded metrics. */
  readonly writeLine?: (line: string) => void;
  /** Calls what is not AWS. */
  readonly fetch?: typeof fetch;
}

/** Options of every SDK client. */
export type SdkOptions = Pick<
  DynamoDBClientConfig,
  'region' | 'maxAttempts' | 'requestHandler' | 'protocol' | 'retryStrategy' | 'credentials' | 'signer'
>;

/** The inputs from which the parts of a service are made. */
export interface Joints {
  readonly config: Config;
  readonly clock: Clock;
  readonly sdk: SdkOptions;
  readonly writeLine: (line: string) => void;
  readonly fetch: typeof fetch;
}

/** Tries of an SDK client for one call: throttling in a large fleet is usual, waiting in a Lambda costs little. */
const MAX_ATTEMPTS = 5;

/** The SDK copies what each call takes and gives, without secrets, for any logger that has these methods. */
const NO_LOGGER = {} as NonNullable<DynamoDBClientConfig['logger']>;

/** For clients that would print by themselves what is in their errors, too. */
export const SILENT: Required<NonNullable<DynamoDBClientConfig['logger']>> = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/**
 * Calls that stay in the process need neither real credentials nor a signature nor pauses, nor what the environment and
 * files of a shell configure: a client asks both for each option that it is not given, and makes errors of the answers.
 * Nobody reads who makes them or a log of them, which takes a fifth of the time of a quiet sweep.
 */
const IN_PROCESS = {
  ignoreConfiguredEndpointUrls: true,
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  accountIdEndpointMode: 'disabled' as const,
  endpointDiscoveryEnabledProvider: async () => undefined,
  authSchemePreference: [],
  defaultsMode: 'standard' as const,
  retryMode: 'standard',
  userAgentAppId: async () => undefined,
  credentials: async ({ callerClientConfig }: { readonly callerClientConfig?: object } = {}) => {
    if (callerClientConfig !== undefined) giveFields(callerClientConfig);
    return { accessKeyId: 'in-process', secretAccessKey: 'in-process' };
  },
  signer: { sign: async <T>(request: T): Promise<T> => request },
  retryStrategy: retryAtOnce(MAX_ATTEMPTS),
  cacheMiddleware: true,
  logger: NO_LOGGER,
  defaultUserAgentProvider: async () => [],
};

/** Reads after which V8 has prepared the prototypes of what is read. */
const READS = 12;

const nothingOf = ({ nothing }: { readonly nothing?: unknown }): unknown => nothing;

/**
 * Has V8 keep the properties of an object in fields, as it does for prototypes that are read through. Clients put their
 * configuration together member by member, which makes it a dictionary; every call copies it three times, which takes
 * half of the time of a call. https://v8.dev/blog/fast-properties
 */
function giveFields(object: object): void {
  const heir = Object.create(object);
  for (let read = 0; read < READS; read++) nothingOf(heir);
}

/** The real world, but for what the seams put in its place. */
export function join(config: Config, seams: Seams = {}): Joints {
  const { clock = systemClock, requestHandler, writeLine = standardOutput, fetch = globalThis.fetch } = seams;
  const { protocol } = seams;
  const format = protocol === undefined ? {} : { protocol };
  const inProcess = requestHandler === undefined ? {} : { requestHandler, ...format, ...IN_PROCESS };
  const sdk = { region: config.region, maxAttempts: MAX_ATTEMPTS, ...inProcess };
  return { config, clock, sdk, writeLine, fetch };
}

const standardOutput = (line: string): void => void process.stdout.write(`${line}\n`);

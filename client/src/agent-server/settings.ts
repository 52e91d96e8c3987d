import { parseToml } from './toml.ts';

/** Settings of the agent server. Times are in milliseconds. */
export interface AgentSettings {
  readonly port: number;
  readonly region: string | undefined;
  readonly ttlMs: number;
  readonly cacheSize: number;
  /** Open connections; `/ping` has two more. */
  readonly maxConnections: number;
  /** Headers that may carry the token. */
  readonly tokenHeaders: readonly string[];
  /** Variables that may hold the token, where no file is made. */
  readonly tokenVariables: readonly string[];
  readonly pathPrefix: string;
  /** Longest time after its TTL that a value is served while reads fail for a passing reason. */
  readonly maxStaleMs: number;
  readonly logLevel: LogLevel;
  /** Names and ARNs of the secrets that may be read: everybody with the token reads them all. */
  readonly allowedSecrets: readonly string[];
  /** Path of the file that gets a new token at each start. */
  readonly tokenFile: string | undefined;
  /** Group that may read that file. */
  readonly tokenGroup: string | undefined;
  readonly invalidation: InvalidationSettings;
}

/** The topic or queue that reports moves of AWSCURRENT, the table of leases, and the time between two polls. */
export interface InvalidationSettings {
  readonly topicArn: string | undefined;
  readonly queuePrefix: string | undefined;
  readonly queueUrl: string | undefined;
  readonly leaseTable: string | undefined;
  readonly pollIntervalMs: number | undefined;
}

/** Levels of the log, from the most lines to none. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'none';

/** The configuration of an agent has faults. */
export class AgentSettingsError extends Error {
  override readonly name = 'AgentSettingsError';
  /** One sentence per fault. */
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`Cannot use the configuration of the agent: ${faults.join('; ')}`);
    this.faults = faults;
  }
}

type Kind = 'text' | 'texts' | 'flag' | readonly [least: number, most: number];
type Values = Map<string, unknown>;

/** Longest time past its own that a value is served. */
const MAX_STALE_MS = 3_600_000;

/** The table of this agent's own keys. */
const OWN = 'secret_rotation_client';

/** Keys by their last name: the kind of their value. The original's ranges hold. */
const KEYS: Readonly<Record<string, Kind>> = {
  http_port: [1_024, 65_535],
  region: 'text',
  ttl_seconds: [0, 3_600],
  cache_size: [1, 1_000],
  max_conn: [1, 1_000],
  ssrf_headers: 'texts',
  ssrf_env_variables: 'texts',
  path_prefix: 'text',
  ignore_transient_errors: 'flag',
  validate_credentials: 'flag',
  enabled: 'flag',
  log_level: 'text',
  log_to_file: 'flag',
  allowed_secrets: 'texts',
  token_file: 'text',
  token_group: 'text',
  topic_arn: 'text',
  queue_prefix: 'text',
  queue_url: 'text',
  lease_table: 'text',
  poll_interval_seconds: [1, 3_600],
};

const CAPABILITY = 'capabilities.secrets_manager';
const SERVICE = [
  'http_port',
  'path_prefix',
  'max_conn',
  'region',
  'ignore_transient_errors',
  'validate_credentials',
];
const CACHE = ['ttl_seconds', 'cache_size'];
const SECURITY = ['ssrf_headers', 'ssrf_env_variables'];
const LOGGING = ['log_level', 'log_to_file'];

/** The keys of each table. The flat form of older files is the table without a name. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  '': [...SERVICE, ...CACHE, ...SECURITY, ...LOGGING],
  logging: LOGGING,
  [CAPABILITY]: [...SERVICE, 'enabled'],
  [`${CAPABILITY}.cache`]: CACHE,
  [`${CAPABILITY}.security`]: SECURITY,
  [OWN]: ['allowed_secrets', 'token_file', 'token_group'],
  [`${OWN}.invalidation`]: ['topic_arn', 'queue_prefix', 'queue_url', 'lease_table', 'poll_interval_seconds'],
};

/** Keys of the original agent that this one refuses, each with the reason. */
const REFUSED: Readonly<Record<string, string>> = {
  prefetch: 'this agent fetches nothing beforehand; a first read costs one call',
  max_roles: 'this agent assumes no roles; give its own role the permissions',
  credentials_file_path: "this agent reads no file of credentials; the SDK's own chain finds them",
  acm: 'this agent exports no certificates',
};

/**
 * Reads the configuration of an agent: the original's keys, flat or nested, and a table of our own.
 *
 * @throws {AgentSettingsError} All faults together. A key that the original knows and this agent does not is named.
 *
 * @example
 * readAgentSettings('[secret_rotation_client]\nallowed_secrets = ["orders/db"]\n');
 */
export function readAgentSettings(text: string): AgentSettings {
  const faults: string[] = [];
  const values: Values = new Map();
  readTable(parsed(text), '', { faults, values });
  faults.push(...contradictions(values));
  if (faults.length > 0) throw new AgentSettingsError(faults);
  return settingsOf(values);
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return parseToml(text);
  } catch (error) {
    throw new AgentSettingsError([
      error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'it is no TOML',
    ]);
  }
}

interface Reading {
  readonly faults: string[];
  readonly values: Values;
}

function readTable(table: Readonly<Record<string, unknown>>, path: string, reading: Reading): void {
  for (const [key, value] of Object.entries(table)) {
    const full = path === '' ? key : `${path}.${key}`;
    if (Object.hasOwn(REFUSED, key)) reading.faults.push(`${full}: ${REFUSED[key]}`);
    else if (TABLES[path]?.includes(key) === true) readValue(key, value, full, reading);
    else if (isTable(value) && isPrefix(full)) readTable(value, full, reading);
    else reading.faults.push(`${full}: there is no such key`);
  }
}

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isPrefix = (path: string): boolean =>
  Object.keys(TABLES).some((table) => table === path || table.startsWith(`${path}.`));

function readValue(key: string, value: unknown, full: string, { faults, values }: Reading): void {
  const kind = KEYS[key] ?? 'text';
  const expected = faultOf(kind, value);
  if (expected !== undefined) faults.push(`${full}: expected ${expected}`);
  else if (values.has(key)) faults.push(`${full}: it is given twice, flat and in a table`);
  else values.set(key, Array.isArray(kind) ? Number(value) : value);
}

/** Old files write numbers as text, too. */
function faultOf(kind: Kind, value: unknown): string | undefined {
  if (kind === 'text') return typeof value === 'string' && value !== '' ? undefined : 'a text';
  if (kind === 'flag') return typeof value === 'boolean' ? undefined : 'true or false';
  if (kind === 'texts') {
    const fits =
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((each) => typeof each === 'string' && each !== '');
    return fits ? undefined : 'a list of texts that is not empty';
  }
  const [least, most] = kind;
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  const fits = typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most;
  return fits ? undefined : `a whole number from ${least} to ${most}`;
}

const LEVELS: readonly string[] = ['debug', 'info', 'warn', 'error', 'none'];

function contradictions(values: Values): readonly string[] {
  const has = (key: string) => values.has(key);
  const level = String(values.get('log_level') ?? 'info').toLowerCase();
  const checks: readonly (readonly [boolean, string])[] = [
    [
      !has('allowed_secrets'),
      `${OWN}.allowed_secrets: it is required, as everybody with the token reads all of them`,
    ],
    [has('token_group') && !has('token_file'), `${OWN}.token_group: it needs token_file`],
    [
      values.get('enabled') === false,
      `${CAPABILITY}.enabled: it must be true, as this agent does nothing else`,
    ],
    [values.get('log_to_file') === true, 'log_to_file: this agent logs to standard error alone'],
    [
      values.get('validate_credentials') === true,
      'validate_credentials: this agent does not ask who it is; /ping and a first read show whether it works',
    ],
    [!LEVELS.includes(level), `log_level: expected one of ${LEVELS.join(', ')}`],
    [
      has('path_prefix') && !String(values.get('path_prefix')).startsWith('/'),
      'path_prefix: it must begin with /',
    ],
    [has('topic_arn') && has('queue_url'), `${OWN}.invalidation: topic_arn and queue_url exclude each other`],
    [has('queue_prefix') && !has('topic_arn'), `${OWN}.invalidation.queue_prefix: it needs topic_arn`],
    [
      has('poll_interval_seconds') && (has('topic_arn') || has('queue_url')),
      `${OWN}.invalidation: poll_interval_seconds is for agents without topic_arn and queue_url`,
    ],
  ];
  return checks.filter(([isFault]) => isFault).map(([, fault]) => fault);
}

const DEFAULT_HEADERS = ['X-Aws-Parameters-Secrets-Token', 'X-Vault-Token'];
const DEFAULT_VARIABLES = ['AWS_TOKEN', 'AWS_SESSION_TOKEN', 'AWS_CONTAINER_AUTHORIZATION_TOKEN'];

function settingsOf(values: Values): AgentSettings {
  const text = (key: string) => values.get(key) as string | undefined;
  const texts = (key: string, otherwise: readonly string[]) =>
    (values.get(key) as readonly string[] | undefined) ?? otherwise;
  const number = (key: string, otherwise: number) => (values.get(key) as number | undefined) ?? otherwise;
  const pollSeconds = values.get('poll_interval_seconds') as number | undefined;
  return {
    port: number('http_port', 2_773),
    region: text('region'),
    ttlMs: number('ttl_seconds', 300) * 1_000,
    cacheSize: number('cache_size', 1_000),
    maxConnections: number('max_conn', 800),
    tokenHeaders: texts('ssrf_headers', DEFAULT_HEADERS),
    tokenVariables: texts('ssrf_env_variables', DEFAULT_VARIABLES),
    pathPrefix: text('path_prefix') ?? '/v1/',
    maxStaleMs: values.get('ignore_transient_errors') === false ? 0 : MAX_STALE_MS,
    logLevel: (text('log_level')?.toLowerCase() ?? 'info') as LogLevel,
    allowedSecrets: texts('allowed_secrets', []),
    tokenFile: text('token_file'),
    tokenGroup: text('token_group'),
    invalidation: {
      topicArn: text('topic_arn'),
      queuePrefix: text('queue_prefix'),
      queueUrl: text('queue_url'),
      leaseTable: text('lease_table'),
      pollIntervalMs: pollSeconds === undefined ? undefined : pollSeconds * 1_000,
    },
  };
}

import { expect, test } from 'vitest';
import { AgentSettingsError, readAgentSettings } from '../../../client/src/agent-server.ts';

const OURS = '\n[secret_rotation_client]\nallowed_secrets = ["orders/db"]\n';

function faults(text: string): readonly string[] {
  try {
    readAgentSettings(text);
    return [];
  } catch (error) {
    if (error instanceof AgentSettingsError) return error.faults;
    throw error;
  }
}

const FLAT = `
http_port = 3000
region = "eu-west-1"
ttl_seconds = "60"
cache_size = 10
max_conn = 5
ssrf_headers = ["X-Mine"]
ssrf_env_variables = ["MY_TOKEN"]
path_prefix = "/v2/"
ignore_transient_errors = false
validate_credentials = false
log_level = "WARN"
log_to_file = false
`;

const NESTED = `
[logging]
log_level = "warn"
log_to_file = false
[capabilities.secrets_manager]
enabled = true
http_port = 3000
region = "eu-west-1"
path_prefix = "/v2/"
max_conn = 5
ignore_transient_errors = false
validate_credentials = false
[capabilities.secrets_manager.cache]
ttl_seconds = 60
cache_size = 10
[capabilities.secrets_manager.security]
ssrf_headers = ["X-Mine"]
ssrf_env_variables = ["MY_TOKEN"]
`;

test('the keys of the original are read alike, flat and nested', () => {
  const expected = {
    port: 3000,
    region: 'eu-west-1',
    ttlMs: 60_000,
    cacheSize: 10,
    maxConnections: 5,
    tokenHeaders: ['X-Mine'],
    tokenVariables: ['MY_TOKEN'],
    pathPrefix: '/v2/',
    maxStaleMs: 0,
    logLevel: 'warn',
    allowedSecrets: ['orders/db'],
  };
  expect(readAgentSettings(FLAT + OURS)).toMatchObject(expected);
  expect(readAgentSettings(NESTED + OURS)).toMatchObject(expected);
});

test("the defaults are the original's", () => {
  expect(readAgentSettings(OURS)).toMatchObject({
    port: 2773,
    ttlMs: 300_000,
    cacheSize: 1000,
    maxConnections: 800,
    pathPrefix: '/v1/',
    tokenHeaders: ['X-Aws-Parameters-Secrets-Token', 'X-Vault-Token'],
    tokenVariables: ['AWS_TOKEN', 'AWS_SESSION_TOKEN', 'AWS_CONTAINER_AUTHORIZATION_TOKEN'],
    logLevel: 'info',
    maxStaleMs: 3_600_000,
  });
});

test.each([
  ['no list of secrets', '', 'secret_rotation_client.allowed_secrets: it is required'],
  ['an empty list of secrets', '[secret_rotation_client]\nallowed_secrets = []', 'expected a list of texts'],
  ['an unknown key', `http_prot = 1${OURS}`, 'http_prot: there is no such key'],
  ['an unknown table', `[capabilities.other]\na = 1${OURS}`, 'capabilities.other: there is no such key'],
  [
    'a port that is too low',
    `http_port = 80${OURS}`,
    'http_port: expected a whole number from 1024 to 65535',
  ],
  [
    'a time that is too long',
    `ttl_seconds = 3601${OURS}`,
    'ttl_seconds: expected a whole number from 0 to 3600',
  ],
  ['a value of another type', `region = 1${OURS}`, 'region: expected a text'],
  [
    'pre-fetching',
    `[prefetch]\nmax_jitter_seconds = 1${OURS}`,
    'prefetch: this agent fetches nothing beforehand',
  ],
  ['roles', `max_roles = 3${OURS}`, 'max_roles: this agent assumes no roles'],
  [
    'a file of credentials',
    `credentials_file_path = "/a"${OURS}`,
    'credentials_file_path: this agent reads no file',
  ],
  [
    'certificates',
    `[capabilities.acm]\nenabled = true${OURS}`,
    'capabilities.acm: this agent exports no certificates',
  ],
  ['a log file', `log_to_file = true${OURS}`, 'log_to_file: this agent logs to standard error alone'],
  [
    'a check of credentials',
    `validate_credentials = true${OURS}`,
    'validate_credentials: this agent does not ask',
  ],
  [
    'a key twice',
    `ttl_seconds = 1\n[capabilities.secrets_manager.cache]\nttl_seconds = 2${OURS}`,
    'it is given twice',
  ],
  ['a level that is none', `log_level = "loud"${OURS}`, 'log_level: expected one of debug, info'],
  ['a group without a file', `${OURS}token_group = "app"`, 'token_group: it needs token_file'],
  [
    'two ways to listen',
    `${OURS}[secret_rotation_client.invalidation]\ntopic_arn = "a"\nqueue_url = "b"`,
    'exclude each other',
  ],
  ['no TOML', 'http_port = = 1', 'Invalid TOML document'],
])('%s is named', (_case, text, fault) => {
  expect(faults(text).join('; ')).toContain(fault);
});

test('all faults are reported together', () => {
  expect(faults('http_port = 1\nmax_roles = 1\nhello = 1')).toHaveLength(4);
});

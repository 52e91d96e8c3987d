import { serve } from './agent-server/server.ts';
import type { AgentSettings, LogLevel } from './agent-server/settings.ts';
import { isToken, makeTokenFile, tokenFromEnvironment } from './agent-server/token-file.ts';
import { type ClientProvider, secretsManagerSource } from './aws/secrets-manager-source.ts';
import { SecretCache } from './cache/secret-cache.ts';
import type { InvalidationEvent } from './invalidation/follower.ts';
import { type ListenOptions, listenForRotations, type RotationListener } from './invalidation/listener.ts';
import { PollingSecretCache } from './invalidation/polling-cache.ts';

export {
  type AgentSettings,
  AgentSettingsError,
  type InvalidationSettings,
  readAgentSettings,
} from './agent-server/settings.ts';

/** Options of the agent server, apart from its settings. */
export interface AgentServerOptions {
  /** Client of Secrets Manager, or what makes one. @default the SDK's own chain, in the region of the settings */
  readonly client?: ClientProvider | undefined;
  /** Clients for listening. @default the SDK's own chain */
  readonly listening?: Pick<ListenOptions, 'sqs' | 'sns' | 'lease'> | undefined;
  /** Gets log lines, as JSON, without token or value. @default standard error */
  readonly write?: ((line: string) => void) | undefined;
  /** @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** An agent that runs. */
export interface AgentServer extends AsyncDisposable {
  readonly port: number;
  close(): Promise<void>;
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'none'];

/**
 * Serves secrets on 127.0.0.1 as the Secrets Manager Agent (Workload Credentials Provider) does, to programs of every
 * language, and keeps them at the version in use. Only the secrets that the settings list are served.
 *
 * @throws The port is taken, or there is no token.
 *
 * @example
 * const agent = await startAgentServer(readAgentSettings(await readFile('agent.toml', 'utf8')));
 */
export async function startAgentServer(
  settings: AgentSettings,
  options: AgentServerOptions = {},
): Promise<AgentServer> {
  const log = logger(settings.logLevel, options.write ?? ((line) => void process.stderr.write(`${line}\n`)));
  // biome-ignore lint/style/noProcessEnv: the variables of the agent are its settings
  const token = await tokenOf(settings, options.env ?? process.env);
  const cache = cacheOf(settings, options, log);
  const listener = listenerOf(settings, options, { cache, log });
  const { allowedSecrets, tokenHeaders, maxConnections, pathPrefix, port } = settings;
  const server = await serve({
    ...{ cache, allowedSecrets, tokenHeaders, maxConnections, pathPrefix, port },
    isToken: isToken(token),
    refused: (reason, request) => log('warn', 'A request was refused', { reason, ...request }),
  }).catch(async (error: unknown) => {
    await Promise.all([listener?.close(), cache.close()]);
    throw error;
  });
  log('info', 'The agent listens', { port: server.port, secrets: allowedSecrets.length });
  const close = async () => {
    await server.close();
    await listener?.close();
    await cache.close();
  };
  return { port: server.port, close, [Symbol.asyncDispose]: close };
}

type Log = (level: Exclude<LogLevel, 'none'>, message: string, details: object) => void;

const logger =
  (least: LogLevel, write: (line: string) => void): Log =>
  (level, message, details) => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return;
    write(JSON.stringify({ time: new Date().toISOString(), level, message, ...details }));
  };

const tokenOf = (
  { tokenFile, tokenGroup, tokenVariables }: AgentSettings,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> =>
  tokenFile === undefined
    ? tokenFromEnvironment(tokenVariables, env)
    : makeTokenFile({ path: tokenFile, group: tokenGroup });

function cacheOf(settings: AgentSettings, { client, listening }: AgentServerOptions, log: Log): SecretCache {
  const { ttlMs, cacheSize: maxEntries, maxStaleMs, region, invalidation } = settings;
  const { pollIntervalMs, leaseTable } = invalidation;
  const provider = client ?? (() => clientIn(region));
  const common = { source: secretsManagerSource(provider), ttlMs, maxEntries, maxStaleMs };
  if (pollIntervalMs === undefined) return new SecretCache(common);
  return new PollingSecretCache({
    ...common,
    describe: provider,
    intervalMs: pollIntervalMs,
    ...(leaseTable !== undefined && { lease: { tableName: leaseTable, ...listening?.lease } }),
    onInvalidation: (event) => logEvent(log, event),
  });
}

async function clientIn(region: string | undefined) {
  const { SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  return new SecretsManagerClient(region === undefined ? {} : { region });
}

function listenerOf(
  { invalidation, allowedSecrets }: AgentSettings,
  { listening }: AgentServerOptions,
  { cache, log }: { readonly cache: SecretCache; readonly log: Log },
): RotationListener | undefined {
  const { topicArn, queueUrl, queuePrefix, leaseTable } = invalidation;
  if (topicArn === undefined && queueUrl === undefined) return undefined;
  return listenForRotations({
    ...listening,
    ...(leaseTable !== undefined && { lease: { tableName: leaseTable, ...listening?.lease } }),
    ...{ cache, topicArn, queueUrl, queuePrefix, secretIds: allowedSecrets },
    onEvent: (event) => logEvent(log, event),
  });
}

function logEvent(log: Log, event: InvalidationEvent): void {
  if (event.type === 'failed') {
    const { what, error } = event;
    const name = error instanceof Error ? error.name : 'unknown';
    log('error', `Rotation: ${what} failed and is tried again`, { error: name });
  } else {
    const { type, ...details } = event;
    log('info', `Rotation: ${type}`, details);
  }
}

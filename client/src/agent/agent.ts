import { readFailure } from '../aws/read-failure.ts';
import { type ClientProvider, secretsManagerSource } from '../aws/secrets-manager-source.ts';
import type { SecretResponse } from '../cache/secret-value.ts';
import { type ReadFailure, SecretReadError } from '../errors.ts';
import type { SecretRequest, SecretSource } from '../source.ts';
import {
  type AgentCounts,
  type AgentMetricsOptions,
  type Availability,
  agentReporter,
} from './agent-metrics.ts';
import { AgentRefusal, parseAnswer } from './parse-answer.ts';
import { type AgentAnswer, request } from './request.ts';
import { readToken } from './token.ts';

/** Options of a source that reads from a local agent. */
export interface AgentOptions {
  /** On this machine only. @default SECRETS_MANAGER_AGENT_ENDPOINT, else http://127.0.0.1:2773 */
  readonly endpoint?: string | undefined;
  /** The token, or a `file://` URL. @default AWS_TOKEN and its kin, then the files of the installers */
  readonly token?: string | undefined;
  /** Source to read from when the agent cannot be reached; false for none. @default the API, by the SDK's own chain */
  readonly fallback?: ClientProvider | false | undefined;
  /** Longest time, in milliseconds, that a read leaves to the agent where there is a fallback. @default 2000 */
  readonly timeoutMs?: number | undefined;
  /** Share of the reads that go to the agent, from 0 to 1, to move to it step by step. @default 1 */
  readonly share?: number | undefined;
  /** @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** @default process.emitWarning */
  readonly warn?: ((message: string) => void) | undefined;
  /** Gets what is counted, as metrics of CloudWatch. @default nobody */
  readonly metrics?: AgentMetricsOptions | undefined;
  /** A number in [0, 1). @default Math.random */
  readonly random?: (() => number) | undefined;
}

/** Counts of an agent's source since it was made. */
export interface AgentStats {
  /** Requests sent, each try of a read among them. */
  readonly requests: number;
  /** Reads that the agent did not answer with a value. */
  readonly failures: number;
  /** Reads that went to the API for that reason. */
  readonly fallbacks: number;
  /** Share of the reads that failed, from 0 to 1. */
  readonly errorRate: number;
  /** Mean time of a request that was answered, in milliseconds. */
  readonly meanMs: number;
}

/** A local agent as the source of a cache. */
export interface Agent extends SecretSource {
  isAvailable(): Promise<Availability>;
  /**
   * Lets the agent read a secret again, under its ARN, its name and each spelling it was asked for here: the agent
   * keeps them apart.
   *
   * @throws {SecretReadError} One of them failed.
   */
  refresh(secretArn: string, secretName: string): Promise<void>;
  stats(): AgentStats;
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
const TRIES = 3;
/** Longest time for the agent where there is a fallback, which the rest of the cache's 5 s is for. */
const TIMEOUT_MS = 2_000;
/** Longest time for one refresh. */
const REFRESH_MS = 5_000;
const PAUSE_MS = 200;
/** Most secrets whose spellings are remembered. */
const MOST_SECRETS = 1_000;

/**
 * The Secrets Manager Agent (Workload Credentials Provider) or the Lambda extension as the source of a cache. Reads go
 * to the API when the agent does not answer or knows no token.
 *
 * @throws {TypeError} The endpoint is not on this machine.
 *
 * @example
 * const cache = new SecretCache({ source: secretsManagerAgent() });
 */
export function secretsManagerAgent(options: AgentOptions = {}): Agent {
  return new LocalAgent(options);
}

class LocalAgent implements Agent {
  readonly #base: URL;
  readonly #options: AgentOptions;
  readonly #api: SecretSource | undefined;
  readonly #random: () => number;
  #token: string | undefined;
  #warned = false;
  readonly #counts: AgentCounts = { reads: 0, requests: 0, failures: 0, fallbacks: 0, answered: 0, ms: 0 };
  readonly #report: () => void;
  /** Ids by which secrets were read from the agent, which keeps an entry for each; by ARN. */
  readonly #spellings = new Map<string, Set<string>>();

  constructor(options: AgentOptions) {
    // biome-ignore lint/style/noProcessEnv: the agent's own variables
    const env = options.env ?? process.env;
    this.#base = new URL(
      options.endpoint ?? env['SECRETS_MANAGER_AGENT_ENDPOINT'] ?? 'http://127.0.0.1:2773',
    );
    if (this.#base.protocol !== 'http:' || !LOOPBACK.test(this.#base.hostname))
      throw new TypeError(`Cannot use the agent at ${this.#base.origin} as it must be http on this machine`);
    // The agent listens on IPv4 alone.
    if (this.#base.hostname === 'localhost') this.#base.hostname = '127.0.0.1';
    this.#options = { ...options, env };
    this.#api = options.fallback === false ? undefined : secretsManagerSource(options.fallback);
    this.#random = options.random ?? Math.random;
    this.#report = agentReporter(options.metrics, this.#counts, () => this.isAvailable());
  }

  async read(asked: SecretRequest, signal: AbortSignal): Promise<SecretResponse> {
    const { share = 1, timeoutMs = TIMEOUT_MS } = this.#options;
    if (this.#api !== undefined && this.#random() >= share) return this.#api.read(asked, signal);
    this.#report();
    this.#counts.reads++;
    const part = this.#api === undefined ? undefined : partOf(signal, timeoutMs);
    try {
      const response = await this.#readAgent(asked, part?.signal ?? signal);
      await this.#refreshOthers(asked, response, part?.signal ?? signal);
      return response;
    } catch (error) {
      this.#counts.failures++;
      const failure = readFailure(asked.secretId, error);
      // What the service itself says would be said again.
      const refused = failure.reason === 'not-found' || failure.reason === 'invalid';
      const final = (refused && !(failure instanceof AgentRefusal)) || signal.aborted;
      if (this.#api === undefined || final) throw failure;
      this.#counts.fallbacks++;
      return this.#api.read(asked, signal);
    } finally {
      part?.end();
    }
  }

  async refresh(secretArn: string, secretName: string): Promise<void> {
    const known = this.#spellings.get(secretArn) ?? [];
    const signal = AbortSignal.timeout(REFRESH_MS);
    const refreshed = [...new Set([secretArn, secretName, ...known])].map((secretId) =>
      this.#readAgent({ secretId, refresh: true }, signal),
    );
    await Promise.all(refreshed);
  }

  async isAvailable(): Promise<Availability> {
    const start = performance.now();
    const answer = await request(new URL('/ping', this.#base), {}, AbortSignal.timeout(1_000)).catch(
      () => undefined,
    );
    return { available: answer?.status === 200, ms: performance.now() - start };
  }

  stats(): AgentStats {
    const { reads, requests, failures, fallbacks, answered, ms } = this.#counts;
    return {
      requests,
      failures,
      fallbacks,
      errorRate: reads === 0 ? 0 : failures / reads,
      meanMs: answered === 0 ? 0 : ms / answered,
    };
  }

  /** A refresh reaches one spelling of an id alone: what was read by name before is refreshed with the ARN, too. */
  async #refreshOthers(asked: SecretRequest, { ARN }: SecretResponse, signal: AbortSignal): Promise<void> {
    const known = this.#spellings.get(ARN) ?? new Set();
    this.#spellings.delete(ARN);
    this.#spellings.set(ARN, known.add(asked.secretId));
    const [oldest] = this.#spellings.keys();
    if (this.#spellings.size > MOST_SECRETS && oldest !== undefined) this.#spellings.delete(oldest);
    if (asked.refresh !== true) return;
    const others = [...known].filter((secretId) => secretId !== asked.secretId);
    await Promise.allSettled(others.map((secretId) => this.#ask({ ...asked, secretId }, signal)));
  }

  async #readAgent(asked: SecretRequest, signal: AbortSignal): Promise<SecretResponse> {
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await this.#ask(asked, signal);
        return parseAnswer(asked.secretId, answer);
      } catch (error) {
        const failure = readFailure(asked.secretId, error);
        if (attempt === TRIES || !failure.retryable || signal.aborted) throw failure;
      }
      await new Promise((resolve) => setTimeout(resolve, this.#random() * PAUSE_MS * 2 ** (attempt - 1)));
    }
  }

  /** Asks with the token that is known, and once more with one read again when that is refused. */
  async #ask(asked: SecretRequest, signal: AbortSignal): Promise<AgentAnswer> {
    this.#token ??= await this.#readToken();
    const answer = await this.#send(asked, this.#token, signal);
    if (answer.status !== 403) return answer;
    this.#token = await this.#readToken();
    return this.#send(asked, this.#token, signal);
  }

  async #send(asked: SecretRequest, token: string | undefined, signal: AbortSignal): Promise<AgentAnswer> {
    if (token === undefined) throw failed(asked, 'denied', 'there is no token for the agent');
    const url = new URL('/secretsmanager/get', this.#base);
    url.searchParams.set('secretId', asked.secretId);
    // The agent's cache treats "AWSCURRENT" and no stage as different: a value fetched beforehand has none.
    if (asked.versionStage !== undefined && asked.versionStage !== 'AWSCURRENT')
      url.searchParams.set('versionStage', asked.versionStage);
    if (asked.versionId !== undefined) url.searchParams.set('versionId', asked.versionId);
    if (asked.refresh === true) url.searchParams.set('refreshNow', 'true');
    this.#counts.requests++;
    const start = performance.now();
    const answer = await request(url, { 'X-Aws-Parameters-Secrets-Token': token }, signal);
    this.#counts.answered++;
    this.#counts.ms += performance.now() - start;
    return answer;
  }

  #readToken(): Promise<string | undefined> {
    const { token, env = {}, warn = (message) => process.emitWarning(message) } = this.#options;
    const once = (message: string) => {
      if (!this.#warned) warn(message);
      this.#warned = true;
    };
    return readToken({ token, env, warn: once });
  }
}

/** A signal that aborts with another one, or after a time; `end` lets go of both. */
function partOf(whole: AbortSignal, ms: number): { readonly signal: AbortSignal; end(): void } {
  const abort = new AbortController();
  const stop = () => abort.abort();
  const timer = setTimeout(stop, ms);
  whole.addEventListener('abort', stop, { once: true });
  if (whole.aborted) stop();
  const end = () => {
    clearTimeout(timer);
    whole.removeEventListener('abort', stop);
  };
  return { signal: abort.signal, end };
}

const failed = ({ secretId }: SecretRequest, reason: ReadFailure, detail: string): SecretReadError =>
  new SecretReadError(secretId, reason, detail);

import type { SecretsManagerClient, SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager';
import { processState } from '../process-state.ts';

/** One environment an application runs in. */
export interface SecretsEnvironment {
  readonly region?: string;
  /** URL of an emulator or a VPC endpoint. */
  readonly endpoint?: string;
  /** Role to assume; needs the optional peer `@aws-sdk/client-sts`. */
  readonly roleArn?: string;
  /**
   * Throwaway credentials of an emulator, refused for an endpoint that is not on this machine. Everywhere else the
   * SDK's own chain finds credentials.
   */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The environments to choose from, and the choice. */
export interface SecretsManagerClientOptions {
  /** Environments by name. */
  readonly environments?: Readonly<Record<string, SecretsEnvironment>>;
  /** Environment variable that names one of them; where it is not set, the SDK's own chain decides. */
  readonly variable?: string;
  /** Variables to look at. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Makes a client of Secrets Manager, one per endpoint, region and role in a process. The SDK is loaded here. A
 * variable that is not set never means a local environment.
 *
 * @throws {TypeError} The variable names no environment, or credentials are given for another machine.
 *
 * @example
 * const client = await secretsManagerClient({
 *   variable: 'APP_ENV',
 *   environments: {
 *     local: {
 *       endpoint: 'http://127.0.0.1:4640',
 *       region: 'eu-west-1',
 *       credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
 *     },
 *     production: { region: 'eu-west-1' },
 *   },
 * });
 */
export async function secretsManagerClient(
  options: SecretsManagerClientOptions = {},
): Promise<SecretsManagerClient> {
  const environment = chosen(options);
  const { endpoint, region, roleArn } = environment;
  const key = JSON.stringify([endpoint, region, roleArn]);
  const { clients } = processState();
  const known = clients.get(key) as Promise<SecretsManagerClient> | undefined;
  if (known !== undefined) return known;
  const made = makeClient(environment);
  clients.set(key, made);
  made.catch(() => clients.delete(key));
  return made;
}

function chosen({ environments = {}, variable, env }: SecretsManagerClientOptions): SecretsEnvironment {
  // biome-ignore lint/style/noProcessEnv: the application names the one variable that is read
  const name = variable === undefined ? undefined : (env ?? process.env)[variable];
  if (variable === undefined || name === undefined || name === '') return {};
  const environment = Object.hasOwn(environments, name) ? environments[name] : undefined;
  if (environment === undefined) {
    const names = Object.keys(environments).join(', ') || 'none';
    throw new TypeError(`Cannot choose an environment as ${variable} must be one of ${names}: got "${name}"`);
  }
  const { endpoint, credentials } = environment;
  if (credentials !== undefined && !isLoopback(endpoint))
    throw new TypeError(
      `Cannot use environment "${name}" as fixed credentials are for an endpoint on this machine: got ${endpoint ?? 'none'}`,
    );
  return environment;
}

function isLoopback(endpoint: string | undefined): boolean {
  return endpoint !== undefined && URL.canParse(endpoint) && LOOPBACK.test(new URL(endpoint).hostname);
}

async function makeClient(environment: SecretsEnvironment): Promise<SecretsManagerClient> {
  const { endpoint, region, roleArn, credentials } = environment;
  const { SecretsManagerClient: Client } = await import('@aws-sdk/client-secrets-manager');
  const config: SecretsManagerClientConfig = {
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== undefined && { region }),
    ...(credentials !== undefined && { credentials }),
  };
  if (roleArn === undefined) return new Client(config);
  return new Client({ ...config, credentials: await assumedRole(roleArn, region) });
}

async function assumedRole(roleArn: string, region: string | undefined) {
  const { STSClient, AssumeRoleCommand } = await import('@aws-sdk/client-sts');
  const sts = new STSClient(region === undefined ? {} : { region });
  return async () => {
    const command = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'secret-rotation-client' });
    const { Credentials: found } = await sts.send(command);
    if (found?.AccessKeyId === undefined || found.SecretAccessKey === undefined)
      throw new Error(`Cannot assume role "${roleArn}": the answer holds no credentials`);
    return {
      accessKeyId: found.AccessKeyId,
      secretAccessKey: found.SecretAccessKey,
      ...(found.SessionToken !== undefined && { sessionToken: found.SessionToken }),
      ...(found.Expiration !== undefined && { expiration: found.Expiration }),
    };
  };
}

import type { DescribeSecretResponse, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsManagerClient } from '../aws/secrets-manager-client.ts';
import type { ClientProvider } from '../aws/secrets-manager-source.ts';
import { secretsManagerSource } from '../aws/secrets-manager-source.ts';
import { SecretValue } from '../cache/secret-value.ts';
import { isReadError } from '../errors.ts';
import { EXCLUDED, type PasswordRules } from './password.ts';

/** A new version may be readable a moment after it was put: https://github.com/aws/aws-sdk-js-v3/issues/7701 */
const READS = [50, 100, 200, 400];

/** Longest wait for one read, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** The calls of a rotation function to Secrets Manager. */
export class RotationSecrets {
  readonly #provider: ClientProvider;

  constructor(provider: ClientProvider = () => secretsManagerClient()) {
    this.#provider = provider;
  }

  async describe(secretId: string): Promise<DescribeSecretResponse> {
    const { DescribeSecretCommand } = await import('@aws-sdk/client-secrets-manager');
    return (await this.#client()).send(new DescribeSecretCommand({ SecretId: secretId }));
  }

  /** Reads by stage, or by version and stage. */
  async read(secretId: string, versionStage: string, versionId?: string): Promise<SecretValue> {
    const source = secretsManagerSource(this.#provider);
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    return new SecretValue(await source.read({ secretId, versionStage, versionId }, signal));
  }

  /** The same; undefined when there is no such version or it has no value. */
  async find(secretId: string, versionStage: string, versionId?: string): Promise<SecretValue | undefined> {
    try {
      return await this.read(secretId, versionStage, versionId);
    } catch (error) {
      if (isReadError(error) && error.reason === 'not-found') return undefined;
      throw error;
    }
  }

  /** The pending version, which may not be readable everywhere yet. */
  async pending(secretId: string, token: string): Promise<SecretValue> {
    for (const ms of READS) {
      const found = await this.find(secretId, 'AWSPENDING', token);
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
    return this.read(secretId, 'AWSPENDING', token);
  }

  /** Puts the value of the pending version. The rotation token lets a role of another account do it. */
  async put(secretId: string, token: string, text: string, rotationToken: string | undefined): Promise<void> {
    const { PutSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
    const command = new PutSecretValueCommand({
      SecretId: secretId,
      ClientRequestToken: token,
      SecretString: text,
      VersionStages: ['AWSPENDING'],
      ...(rotationToken !== undefined && { RotationToken: rotationToken }),
    });
    await (await this.#client()).send(command);
  }

  /** Moves AWSCURRENT; AWSPREVIOUS follows by itself. */
  async promote(secretId: string, to: string, from: string | undefined): Promise<void> {
    const { UpdateSecretVersionStageCommand } = await import('@aws-sdk/client-secrets-manager');
    const command = new UpdateSecretVersionStageCommand({
      SecretId: secretId,
      VersionStage: 'AWSCURRENT',
      MoveToVersionId: to,
      ...(from !== undefined && { RemoveFromVersionId: from }),
    });
    await (await this.#client()).send(command);
  }

  /** A password that Secrets Manager makes, with each kind of character that is not excluded. */
  async randomPassword({
    length = 32,
    exclude = EXCLUDED,
  }: Omit<PasswordRules, 'classes'> = {}): Promise<string> {
    const { GetRandomPasswordCommand } = await import('@aws-sdk/client-secrets-manager');
    const command = new GetRandomPasswordCommand({ PasswordLength: length, ExcludeCharacters: exclude });
    const { RandomPassword } = await (await this.#client()).send(command);
    if (RandomPassword === undefined) throw new Error('Cannot make a password: the answer holds none');
    return RandomPassword;
  }

  #client(): SecretsManagerClient | Promise<SecretsManagerClient> {
    return typeof this.#provider === 'function' ? this.#provider() : this.#provider;
  }
}

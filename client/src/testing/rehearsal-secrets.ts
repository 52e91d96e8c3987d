import { randomBytes } from 'node:crypto';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** One version of the rehearsed secret; a version without text is the empty one that a rotation begins with. */
interface Version {
  text?: string | undefined;
  stages: string[];
}

type Input = Readonly<Record<string, unknown>>;

const NAME = 'rehearsal/secret';
const arnOf = (name: string): string => `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}-AbCdEf`;

/** Thrown in the place of a call, as if the function had ended there. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** Makes a refusal of the service, as the SDK throws it. */
const refusal = (name: string, message: string): Error =>
  Object.assign(new Error(message), { name, $fault: 'client', $metadata: { httpStatusCode: 400 } });

const notFound = (): Error =>
  refusal('ResourceNotFoundException', "Secrets Manager can't find the specified secret value");

/** A Secrets Manager that holds the secret of a rehearsal, and others that can only be read. */
export class RehearsalSecrets {
  readonly secretId: string = arnOf(NAME);
  readonly versions: Map<string, Version> = new Map();
  rotationEnabled = true;
  /** Calls so far. */
  calls = 0;
  /** Calls that changed something. */
  writes = 0;
  /** The function ends after this many calls. */
  killAfter: number = Number.POSITIVE_INFINITY;
  /** So many further reads do not see the pending value yet. */
  lag = 0;
  readonly #others: Readonly<Record<string, string>>;

  constructor(text: string, others: Readonly<Record<string, string>>) {
    this.versions.set('version-1', { text, stages: ['AWSCURRENT'] });
    this.#others = others;
  }

  /** Begins a rotation as RotateSecret does: with an empty version. */
  begin(token: string): void {
    this.versions.set(token, { stages: ['AWSPENDING'] });
  }

  /** The version that has a stage. */
  at(stage: string): { readonly id: string; readonly text: string | undefined } | undefined {
    for (const [id, { text, stages }] of this.versions) if (stages.includes(stage)) return { id, text };
    return undefined;
  }

  /** Returns an object that a handler takes for a client of the SDK. */
  client(): SecretsManagerClient {
    const send = async ({ constructor: { name }, input }: { readonly input: Input }): Promise<unknown> =>
      this.answer(name.replace(/Command$/, ''), input);
    return { send } as unknown as SecretsManagerClient;
  }

  /**
   * Answers one operation.
   *
   * @throws {Killed} The function has ended by now.
   */
  answer(operation: string, input: Input): unknown {
    if (this.calls >= this.killAfter) throw new Killed('The function ended');
    this.calls++;
    const { SecretId, VersionStage, VersionId } = input;
    if (operation === 'GetRandomPassword') return { RandomPassword: randomPassword(input) };
    if (operation === 'GetSecretValue') return this.#value(String(SecretId), VersionStage, VersionId);
    if (!this.#isOwn(String(SecretId))) throw notFound();
    if (operation === 'DescribeSecret') return this.#described();
    this.writes++;
    if (operation === 'PutSecretValue') return this.#put(input);
    if (operation === 'UpdateSecretVersionStage') return this.#move(input);
    throw new Error(`A rehearsal does not know ${operation}`);
  }

  #isOwn(secretId: string): boolean {
    return secretId === this.secretId || secretId === NAME;
  }

  #described(): unknown {
    const stages = [...this.versions].filter(([, version]) => version.stages.length > 0);
    return {
      ARN: this.secretId,
      Name: NAME,
      RotationEnabled: this.rotationEnabled,
      VersionIdsToStages: Object.fromEntries(stages.map(([id, version]) => [id, [...version.stages]])),
    };
  }

  #value(secretId: string, stage: unknown, id: unknown): unknown {
    const other = this.#others[secretId];
    if (other !== undefined)
      return {
        ARN: secretId,
        Name: secretId,
        VersionId: 'one',
        VersionStages: ['AWSCURRENT'],
        SecretString: other,
      };
    if (!this.#isOwn(secretId)) throw notFound();
    const wanted = stage ?? (id === undefined ? 'AWSCURRENT' : undefined);
    const found = [...this.versions].find(
      ([key, { stages }]) =>
        (id === undefined || key === id) && (wanted === undefined || stages.includes(String(wanted))),
    );
    if (found?.[1].text === undefined) throw notFound();
    const [VersionId, { text, stages }] = found;
    if (stages.includes('AWSPENDING') && this.lag-- > 0) throw notFound();
    return { ARN: this.secretId, Name: NAME, VersionId, VersionStages: [...stages], SecretString: text };
  }

  #put({ ClientRequestToken, SecretString }: Input): unknown {
    const version = this.versions.get(String(ClientRequestToken));
    if (version?.text !== undefined && version.text !== SecretString)
      throw refusal('ResourceExistsException', 'A version with this token exists');
    this.versions.set(String(ClientRequestToken), { text: String(SecretString), stages: ['AWSPENDING'] });
    return {};
  }

  #move({ MoveToVersionId, RemoveFromVersionId, VersionStage }: Input): unknown {
    const from = this.versions.get(String(RemoveFromVersionId));
    const to = this.versions.get(String(MoveToVersionId));
    if (VersionStage !== 'AWSCURRENT' || !from?.stages.includes('AWSCURRENT') || to === undefined)
      throw refusal('InvalidParameterException', 'AWSCURRENT is at another version');
    for (const version of this.versions.values())
      version.stages = version.stages.filter((stage) => stage !== 'AWSPREVIOUS');
    from.stages = [...from.stages.filter((stage) => stage !== 'AWSCURRENT'), 'AWSPREVIOUS'];
    to.stages = ['AWSCURRENT'];
    return {};
  }
}

const ALPHABET = [...'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'];

/** Letters and digits are within whatever a caller excludes but single ones. */
function randomPassword({ PasswordLength = 32, ExcludeCharacters = '' }: Input): string {
  const allowed = ALPHABET.filter((one) => !String(ExcludeCharacters).includes(one));
  return Array.from(randomBytes(Number(PasswordLength)), (byte) => allowed[byte % allowed.length] ?? '').join(
    '',
  );
}

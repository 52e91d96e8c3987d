import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** One version of the rehearsed secret; a version without text is the empty one that a rotation begins with. */
interface Version {
  text?: string | undefined;
  stages: string[];
}

/** What a command of the SDK carries. */
interface AnyCommand {
  readonly input: Readonly<Record<string, unknown>>;
}

const NAME = 'rehearsal/secret';
const arnOf = (name: string): string => `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}-AbCdEf`;

/** Thrown in the place of a call, as if the function had ended there. */
class Killed extends Error {
  override readonly name = 'Killed';
}

const notFound = (): Error =>
  Object.assign(new Error("Secrets Manager can't find the specified secret value"), {
    name: 'ResourceNotFoundException',
    $fault: 'client',
    $metadata: { httpStatusCode: 400 },
  });

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

  /** What a handler takes for a client of the SDK. */
  client(): SecretsManagerClient {
    const send = async (command: AnyCommand): Promise<unknown> => {
      if (this.calls >= this.killAfter) throw new Killed('The function ended');
      this.calls++;
      return this.#answer(command);
    };
    return { send } as unknown as SecretsManagerClient;
  }

  #answer({ constructor: { name }, input }: AnyCommand): unknown {
    const { SecretId, VersionStage, VersionId } = input;
    if (name === 'DescribeSecretCommand') return this.#described();
    if (name === 'GetSecretValueCommand') return this.#value(String(SecretId), VersionStage, VersionId);
    this.writes++;
    if (name === 'PutSecretValueCommand') return this.#put(input);
    if (name === 'UpdateSecretVersionStageCommand') return this.#move(input);
    throw new Error(`A rehearsal does not know ${name}`);
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
    const found = [...this.versions].find(
      ([key, { stages }]) =>
        (id === undefined || key === id) && (stage === undefined || stages.includes(String(stage))),
    );
    if (found?.[1].text === undefined) throw notFound();
    const [VersionId, { text, stages }] = found;
    return { ARN: this.secretId, Name: NAME, VersionId, VersionStages: [...stages], SecretString: text };
  }

  #put({ ClientRequestToken, SecretString }: AnyCommand['input']): unknown {
    const version = this.versions.get(String(ClientRequestToken));
    if (version?.text !== undefined && version.text !== SecretString)
      throw Object.assign(new Error('A version with this token exists'), { name: 'ResourceExistsException' });
    this.versions.set(String(ClientRequestToken), { text: String(SecretString), stages: ['AWSPENDING'] });
    return {};
  }

  #move({ MoveToVersionId, RemoveFromVersionId, VersionStage }: AnyCommand['input']): unknown {
    const from = this.versions.get(String(RemoveFromVersionId));
    const to = this.versions.get(String(MoveToVersionId));
    if (VersionStage !== 'AWSCURRENT' || !from?.stages.includes('AWSCURRENT') || to === undefined)
      throw new Error('AWSCURRENT is at another version');
    for (const version of this.versions.values())
      version.stages = version.stages.filter((stage) => stage !== 'AWSPREVIOUS');
    from.stages = [...from.stages.filter((stage) => stage !== 'AWSCURRENT'), 'AWSPREVIOUS'];
    to.stages = ['AWSCURRENT'];
    return {};
  }
}

import { SecretFormatError } from '../errors.ts';
import { printAsJson } from '../redaction.ts';

/** Answer of a source: the fields of GetSecretValue. */
export interface SecretResponse {
  readonly ARN: string;
  readonly Name: string;
  readonly VersionId: string;
  readonly VersionStages: readonly string[];
  readonly CreatedDate?: Date | undefined;
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
}

/** The stages of nearly every value; one array for all. */
const CURRENT: readonly string[] = Object.freeze(['AWSCURRENT']);

const frozen = (stages: readonly string[]): readonly string[] =>
  stages.length === 1 && stages[0] === 'AWSCURRENT' ? CURRENT : Object.freeze([...stages]);

/**
 * One version of a secret as it was read. It is frozen, and printing it in any way shows no value: `SecretString`
 * and `SecretBinary` are getters of the class, and `JSON.stringify` and `util.inspect` print `[redacted]`.
 */
export class SecretValue {
  /** Full ARN of the secret. */
  readonly ARN: string;
  /** Friendly name of the secret. */
  readonly Name: string;
  readonly VersionId: string;
  /** Stages at the time of the read. */
  readonly VersionStages: readonly string[];
  readonly #created: Date | undefined;
  readonly #text: string | undefined;
  readonly #bytes: Uint8Array | undefined;

  static {
    printAsJson(SecretValue.prototype);
  }

  constructor(response: SecretResponse) {
    this.ARN = response.ARN;
    this.Name = response.Name;
    this.VersionId = response.VersionId;
    this.VersionStages = frozen(response.VersionStages);
    this.#created = response.CreatedDate;
    this.#text = response.SecretString;
    this.#bytes = response.SecretBinary;
    Object.freeze(this);
  }

  /** Creation time of the version; a copy. */
  get CreatedDate(): Date | undefined {
    return this.#created && new Date(this.#created);
  }

  /** The text, or undefined for a binary secret. */
  get SecretString(): string | undefined {
    return this.#text;
  }

  /** A copy of the bytes, or undefined for a secret of text. */
  get SecretBinary(): Uint8Array | undefined {
    // A Buffer's own slice would share its memory.
    return this.#bytes && new Uint8Array(this.#bytes);
  }

  /**
   * The text parsed as JSON, again on every call: a caller cannot change what another one gets.
   *
   * @throws {SecretFormatError} The secret is binary or its text is no JSON. The message never quotes the text.
   */
  json(): unknown {
    if (this.#text === undefined)
      throw new SecretFormatError(`Cannot parse secret "${this.Name}" as JSON: it is binary`);
    try {
      return JSON.parse(this.#text);
    } catch {
      throw new SecretFormatError(`Cannot parse secret "${this.Name}" as JSON: its text is no JSON`);
    }
  }

  /** Everything but the value. */
  toJSON(): Record<string, unknown> {
    const { ARN, Name, VersionId, VersionStages, CreatedDate } = this;
    const field = this.#text === undefined ? 'SecretBinary' : 'SecretString';
    return { ARN, Name, VersionId, VersionStages, CreatedDate, [field]: '[redacted]' };
  }
}

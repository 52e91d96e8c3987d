import { isObject } from './read-input.ts';
import type { SecretState } from './secret.ts';
import { CURRENT, holderOf, type SecretValue } from './version-stages.ts';

/** A user and a password as a secret value holds them. */
export interface Credential {
  readonly username: string;
  readonly password: string;
}

/**
 * The credential in a secret value: `username` and `password` of a JSON object,
 * or the whole text as the password of the only user.
 */
export function credentialOf(value: SecretValue): Credential {
  const credential = known.get(value) ?? credentialIn(value);
  known.set(value, credential);
  return credential;
}

/** Credentials by their value: every change of a secret looks at the values of all of its versions. */
const known = new WeakMap<SecretValue, Credential>();

function credentialIn({ text }: SecretValue): Credential {
  const fields = jsonObject(text);
  const password = fields?.['password'];
  if (fields === undefined || typeof password !== 'string') return { username: '', password: text };
  return { username: String(fields['username'] ?? ''), password };
}

/** The members of a secret value that is a JSON object. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a target can be reached: `stopped` by its owner, or `away` for whatever reason. */
export type Reach = 'up' | 'stopped' | 'away';

/** The outcome of an attempt to log in. */
export type Login = 'accepted' | 'refused' | 'unreachable';

/**
 * The system behind a secret, as the ground truth sees it: which password each of its users logs in with.
 * It follows what rotation functions do and nothing else: a value that somebody puts by hand does not reach it.
 */
export class TargetDatabase {
  readonly #passwords = new Map<string, string>();
  readonly #locked = new Set<string>();
  #reach: Reach = 'up';

  /** Whether it can be reached; nobody logs in while it is not `up`. */
  get reach(): Reach {
    return this.#reach;
  }

  setReach(reach: Reach): void {
    this.#reach = reach;
  }

  /** Locks the account of a user, as targets do after too many failures, or unlocks it; its password stays. */
  setLocked(username: string, isLocked: boolean): void {
    if (isLocked) this.#locked.add(username);
    else this.#locked.delete(username);
  }

  /** Returns the outcome of an attempt to log in with a value. */
  login(value: SecretValue): Login {
    if (this.#reach !== 'up') return 'unreachable';
    const isLocked = this.#locked.has(credentialOf(value).username);
    return this.accepts(value) && !isLocked ? 'accepted' : 'refused';
  }

  /** True when the password in a value is the one that its user has, whether or not anybody can log in now. */
  accepts(value: SecretValue): boolean {
    const { username, password } = credentialOf(value);
    return this.#passwords.get(username) === password;
  }

  /** Gives the value's user the value's password; its old one no longer logs in. */
  setPassword(value: SecretValue): void {
    const { username, password } = credentialOf(value);
    this.setUser(username, password);
  }

  /** Gives a user a password, as its owner does. */
  setUser(username: string, password: string): void {
    this.#passwords.set(username, password);
  }

  /** Changes every user's password to one that no secret has, as somebody does behind the monitor's back. */
  changeOutOfBand(): void {
    for (const username of this.#passwords.keys()) this.#passwords.set(username, 'changed out of band');
  }
}

/** The databases behind the secrets, by secret ARN, made when first needed. */
export class TargetDatabases {
  readonly #byArn = new Map<string, TargetDatabase>();

  /** The database behind a secret; a new one accepts what is AWSCURRENT in `state`. */
  behind(arn: string, state: SecretState): TargetDatabase {
    const known = this.#byArn.get(arn);
    if (known !== undefined) return known;
    const database = new TargetDatabase();
    const value = holderOf(state.versions, CURRENT)?.value;
    if (value !== undefined) {
      database.setPassword(value);
      this.#byArn.set(arn, database);
    }
    return database;
  }

  /** The database behind a secret, if anything has needed it yet. */
  known(arn: string): TargetDatabase | undefined {
    return this.#byArn.get(arn);
  }

  /** Puts a prepared database behind a secret. */
  place(arn: string, database: TargetDatabase): void {
    this.#byArn.set(arn, database);
  }
}

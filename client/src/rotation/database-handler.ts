import type { SecretValue } from '../cache/secret-value.ts';
import type { DatabaseSecret } from '../config/database-secret.ts';
import { databaseSecret } from '../config/database-secret.ts';
import type { Refusal } from '../connect/refusal.ts';
import type { Tls } from '../pools/tls.ts';
import { withTexts } from './edit-json.ts';
import { generatePassword, type PasswordRules } from './password.ts';
import {
  RotationError,
  RotationHandler,
  type RotationHandlerOptions,
  type RotationVersions,
} from './rotation-handler.ts';

/** A session at the database. */
export interface Session {
  /** Any query that proves that the log-in is of use. */
  probe(): Promise<void>;
  /** Changes the password of the session's own user. */
  setOwnPassword(password: string): Promise<void>;
  /** Creates the user, or changes its password, with the rights of another one. */
  setUser(user: string, password: string, like: string): Promise<void>;
  end(): Promise<void>;
}

/** One kind of database. */
export interface DatabaseKind {
  /** Values of the secret's `engine` that this handler takes. */
  readonly engines: readonly string[];
  /** Longest name of a user: https://dev.mysql.com/doc/refman/8.4/en/user-names.html */
  readonly longestUser: number;
  logIn(secret: DatabaseSecret, tls: Tls | undefined): Promise<Session>;
  classify(error: unknown): Refusal;
}

/** Options of the ready handlers for databases. */
export interface DatabaseHandlerOptions extends RotationHandlerOptions {
  /** `alternating-users` needs the secret's `masterarn`. @default 'single-user' */
  readonly strategy?: 'single-user' | 'alternating-users' | undefined;
  readonly password?: PasswordRules | undefined;
  /** Source of new passwords; Secrets Manager's GetRandomPassword knows no `classes`. @default 'crypto' */
  readonly passwordFrom?: 'crypto' | 'secrets-manager' | undefined;
  /** Options of TLS; false sends plain text. @default the secret's `ssl` field */
  readonly tls?: Tls | undefined;
}

/** The other of two users: `app` and `app_clone`. */
const SUFFIX = '_clone';
const alternateOf = (user: string): string =>
  user.endsWith(SUFFIX) ? user.slice(0, -SUFFIX.length) : `${user}${SUFFIX}`;

/** Whether two values are of one user at one place. */
const isSameTarget = (one: DatabaseSecret, other: DatabaseSecret): boolean =>
  one.username === other.username && one.host === other.host && one.port === other.port;

/** Rotates the password of a database user. */
export class DatabaseRotationHandler extends RotationHandler {
  readonly #kind: DatabaseKind;
  readonly #options: DatabaseHandlerOptions;

  constructor(kind: DatabaseKind, options: DatabaseHandlerOptions) {
    super(options);
    this.#kind = kind;
    this.#options = options;
  }

  protected async newValue(current: SecretValue): Promise<string> {
    const { username } = this.#secretOf(current);
    const user = this.#alternates() ? alternateOf(username) : username;
    if (user.length > this.#kind.longestUser)
      throw new RotationError(
        `Cannot rotate secret "${current.Name}" as the name of the other user is too long`,
      );
    if (this.#alternates()) this.#masterOf(current);
    return withTexts(current.SecretString ?? '', {
      ...(user !== username && { username: user }),
      password: await this.#newPassword(),
    });
  }

  protected async set({
    current: currentValue,
    pending: pendingValue,
    previous,
  }: RotationVersions): Promise<void> {
    const [current, pending] = [this.#secretOf(currentValue), this.#secretOf(pendingValue)];
    this.#checkTarget(currentValue.Name, current, pending);
    if (await this.#with(pending, () => Promise.resolve())) return;
    if (this.#alternates()) return this.#setAlternate(currentValue, current, pending);
    if (await this.#with(current, (session) => session.setOwnPassword(pending.password))) return;
    const older = await previous();
    const former = older && this.#secretOf(older);
    if (former !== undefined && isSameTarget(former, pending)) {
      const secure = { ...former, ssl: current.ssl };
      if (await this.#with(secure, (session) => session.setOwnPassword(pending.password))) return;
    }
    throw new RotationError(
      `Cannot log in with AWSPENDING, AWSCURRENT or AWSPREVIOUS of secret "${currentValue.Name}"`,
    );
  }

  protected async test({ pending }: RotationVersions): Promise<void> {
    if (await this.#with(this.#secretOf(pending), (session) => session.probe())) return;
    throw new RotationError(`Cannot log in with AWSPENDING of secret "${pending.Name}"`);
  }

  async #setAlternate(value: SecretValue, current: DatabaseSecret, pending: DatabaseSecret): Promise<void> {
    // Who may make users acts only for a secret whose own log-in works.
    if (!(await this.#with(current, () => Promise.resolve())))
      throw new RotationError(`Cannot log in with AWSCURRENT of secret "${value.Name}"`);
    const master = this.#secretOf(await this.secrets.read(this.#masterOf(value), 'AWSCURRENT'));
    if (master.host !== current.host)
      throw new RotationError(`Cannot rotate secret "${value.Name}" as the master secret is of another host`);
    const { username, password } = pending;
    if (await this.#with(master, (session) => session.setUser(username, password, current.username))) return;
    throw new RotationError(`Cannot log in with the master secret of "${value.Name}"`);
  }

  /** A version that names another user or place would let this function be used against others. */
  #checkTarget(name: string, current: DatabaseSecret, pending: DatabaseSecret): void {
    const username = this.#alternates() ? alternateOf(current.username) : current.username;
    if (!isSameTarget(pending, { ...current, username }))
      throw new RotationError(`Cannot rotate secret "${name}" as AWSPENDING names another user or place`);
  }

  #masterOf(value: SecretValue): string {
    const { masterarn } = value.json() as { masterarn?: unknown };
    if (typeof masterarn !== 'string')
      throw new RotationError(`Cannot rotate secret "${value.Name}" as it names no masterarn`);
    return masterarn;
  }

  async #newPassword(): Promise<string> {
    const { password, passwordFrom } = this.#options;
    return passwordFrom === 'secrets-manager'
      ? this.secrets.randomPassword(password)
      : generatePassword(password);
  }

  /** Logs in and works; answers false when the log-in was refused. */
  async #with(secret: DatabaseSecret, work: (session: Session) => Promise<void>): Promise<boolean> {
    let session: Session;
    try {
      session = await this.#kind.logIn(secret, this.#options.tls);
    } catch (error) {
      if (this.#kind.classify(error) === 'refused') return false;
      throw error;
    }
    try {
      await work(session);
      return true;
    } finally {
      await session.end();
    }
  }

  #alternates(): boolean {
    return this.#options.strategy === 'alternating-users';
  }

  #secretOf(value: SecretValue): DatabaseSecret {
    const parsed = databaseSecret['~standard'].validate(value.json());
    if (!('value' in parsed))
      throw new RotationError(`Cannot rotate secret "${value.Name}" as a field is missing or wrong`);
    if (!this.#kind.engines.includes(parsed.value.engine))
      throw new RotationError(
        `Cannot rotate secret "${value.Name}" as engine must be one of ${this.#kind.engines.join(', ')}`,
      );
    return parsed.value;
  }
}

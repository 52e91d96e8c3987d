import type { Instant } from '../../calendar/instant.ts';
import { AwsError } from '../call/aws-error.ts';
import type { Random } from '../call/random.ts';

/** The session of an assumed role, by its credentials. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly account: string;
  /** Name of the role. */
  readonly role: string;
  readonly expiresAt: Instant;
}

/** Every session that was begun. */
export class Sessions {
  readonly #random: Random;
  readonly #byKey = new Map<string, Session>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** Begins a session. Temporary keys begin with ASIA. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
  begin(owner: Pick<Session, 'account' | 'role' | 'expiresAt'>): Session {
    const session = {
      ...owner,
      accessKeyId: `ASIA${this.#random.letters(16).toUpperCase()}`,
      secretAccessKey: this.#random.letters(40),
      sessionToken: this.#random.letters(64),
    };
    this.#byKey.set(session.accessKeyId, session);
    return session;
  }

  /** The session that signs with this key; undefined when the key is not of a session. Fails once it has expired. */
  of(accessKeyId: string | undefined, now: Instant): Session | undefined {
    const session = this.#byKey.get(accessKeyId ?? '');
    if (session !== undefined && session.expiresAt <= now) {
      const message = 'The security token included in the request is expired';
      throw new AwsError('ExpiredTokenException', message, 403);
    }
    return session;
  }
}

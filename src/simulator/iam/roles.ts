import type { IdentityStatement } from './identity-policy.ts';
import { type Policy, readPolicy } from './policy.ts';

/** A role to be made. */
export interface NewRole {
  /** Twelve digits. */
  readonly account: string;
  readonly name: string;
  /** Trust policy, as JSON text or object. */
  readonly trustPolicy: unknown;
  /** Longest session in seconds; 3,600 when left out. */
  readonly maxSessionSeconds?: number;
}

/** A role that can be assumed. */
export interface Role {
  readonly account: string;
  readonly name: string;
  readonly arn: string;
  readonly trust: Policy;
  readonly maxSessionSeconds: number;
}

/** The roles of all accounts. What a role may do is written down to be looked at; in the simulator every caller may do everything. */
export class Roles {
  /** The alias of each account that has one. */
  readonly aliases: Map<string, string> = new Map();
  readonly #byArn = new Map<string, Role>();
  readonly #identities = new Map<string, readonly IdentityStatement[]>();

  /** Makes a role, or replaces it; answers its ARN. Fails with an AwsError when the trust policy is none. */
  add({ account, name, trustPolicy, maxSessionSeconds = 3600 }: NewRole): string {
    const arn = `arn:aws:iam::${account}:role/${name}`;
    this.#byArn.set(arn, { account, name, arn, trust: readPolicy(trustPolicy), maxSessionSeconds });
    return arn;
  }

  /** Writes down what the policies of a role say. */
  describe(arn: string, statements: readonly IdentityStatement[]): void {
    this.#identities.set(arn, statements);
  }

  /** Returns the statements of a role's policies; undefined for a role that was never declared. */
  identityOf(arn: string): readonly IdentityStatement[] | undefined {
    return this.#identities.get(arn) ?? (this.#byArn.has(arn) ? [] : undefined);
  }

  find(arn: string): Role | undefined {
    return this.#byArn.get(arn);
  }

  remove(arn: string): void {
    this.#byArn.delete(arn);
  }
}

import { AwsError } from '../call/aws-error.ts';

/** https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_account_state.html */
export type AccountState = 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE' | 'CLOSED';

/** An account of an organization. */
export interface Member {
  /** Twelve digits. */
  readonly id: string;
  readonly name: string;
  readonly state: AccountState;
  /** Id of the root or unit it is in. */
  readonly parent: string;
}

/** An organizational unit. */
export interface Unit {
  readonly id: string;
  readonly name: string;
  readonly parent: string;
}

/** Id of every organization of the simulator. */
const ORGANIZATION_ID = 'o-simulated1';
/** Id of its root. */
export const ROOT_ID = 'r-simu';

/** An organization: a tree of units with accounts in them. */
export class Organization {
  readonly id: string = ORGANIZATION_ID;
  readonly managementAccount: string;
  readonly #members = new Map<string, Member>();
  readonly #units = new Map<string, Unit>();
  readonly #delegated = new Set<string>();

  constructor(managementAccount: string) {
    this.managementAccount = managementAccount;
    this.addAccount({ id: managementAccount, name: 'management' });
  }

  addAccount({ id, name, parent = ROOT_ID }: { id: string; name: string; parent?: string }): void {
    this.#members.set(id, { id, name, state: 'ACTIVE', parent });
  }

  /** Makes a unit; answers its id. */
  addUnit(name: string, parent: string = ROOT_ID): string {
    const id = `ou-simu-${String(this.#units.size + 1).padStart(8, '0')}`;
    this.#units.set(id, { id, name, parent });
    return id;
  }

  /** Moves an account into a unit or the root. */
  move(account: string, parent: string): void {
    this.#members.set(account, { ...this.#member(account), parent });
  }

  setState(account: string, state: AccountState): void {
    this.#members.set(account, { ...this.#member(account), state });
  }

  /** Lets an account that is not the management account look at the organization. */
  delegate(account: string): void {
    this.#delegated.add(account);
  }

  has(account: string): boolean {
    return this.#members.has(account);
  }

  isActive(account: string): boolean {
    return this.#members.get(account)?.state === 'ACTIVE';
  }

  /**
   * Returns an account's path in the tree, as policies write it: from the organization to its unit, with a slash at the
   * end.
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
   */
  pathOf(account: string): string {
    const { parent } = this.#member(account);
    const units: string[] = [];
    for (let id = parent; id !== ROOT_ID; id = this.#units.get(id)?.parent ?? ROOT_ID) units.unshift(id);
    return [this.id, ROOT_ID, ...units, ''].join('/');
  }

  /** Whether the account may look at the organization. */
  mayLook(account: string): boolean {
    return account === this.managementAccount || this.#delegated.has(account);
  }

  accounts(): readonly Member[] {
    return [...this.#members.values()];
  }

  /** Accounts directly in a unit or the root; fails when there is none. */
  accountsIn(parent: string): readonly Member[] {
    this.#check(parent);
    return this.accounts().filter((member) => member.parent === parent);
  }

  /** Units directly in a unit or the root; fails when there is none. */
  unitsIn(parent: string): readonly Unit[] {
    this.#check(parent);
    return [...this.#units.values()].filter((unit) => unit.parent === parent);
  }

  #check(parent: string): void {
    if (parent === ROOT_ID || this.#units.has(parent)) return;
    throw new AwsError('ParentNotFoundException', "You specified a parent that doesn't exist.");
  }

  #member(id: string): Member {
    const member = this.#members.get(id);
    if (member !== undefined) return member;
    throw new AwsError('AccountNotFoundException', "You specified an account that doesn't exist.");
  }
}

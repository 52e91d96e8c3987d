import { PortError } from '../failure.ts';

/** Knows the accounts of an organization; fails with an {@link AccountDirectoryError}. */
export interface AccountDirectory {
  /** Numbers of the accounts in a unit and in the units inside it, those left out that are suspended or closed. */
  accountsIn(unit: string): Promise<readonly string[]>;
}

/** The accounts could not be listed. */
export class AccountDirectoryError extends PortError {
  override readonly name = 'AccountDirectoryError';
}

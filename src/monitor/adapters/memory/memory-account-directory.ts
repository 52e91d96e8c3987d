import type { AccountsByUnit } from '../../domain/secret/member-group.ts';
import { type AccountDirectory, AccountDirectoryError } from '../../ports/look/account-directory.ts';

/** Accounts by unit, in memory; a unit that is not there fails. */
export const memoryAccountDirectory = (accounts: AccountsByUnit): AccountDirectory => ({
  async accountsIn(unit) {
    const found = accounts[unit];
    if (found !== undefined) return found;
    throw new AccountDirectoryError(`Cannot list the accounts in "${unit}": not-found`, {
      reason: 'not-found',
      retryable: false,
    });
  },
});

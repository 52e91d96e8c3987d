import { expect, test } from 'vitest';
import {
  type AccountDirectory,
  AccountDirectoryError,
} from '../../src/monitor/ports/look/account-directory.ts';

/** A directory and the units that the contract asks for. */
export interface DirectoryUnderTest {
  readonly directory: AccountDirectory;
  /** A unit with two accounts, a suspended one, and a unit inside it with 25 accounts more. */
  readonly outer: string;
  /** The unit inside it. */
  readonly inner: string;
  /** A unit with no account. */
  readonly empty: string;
  /** A unit that is not there. */
  readonly missing: string;
}

/** Tests what every directory has to do. */
export function accountDirectoryContract(open: () => DirectoryUnderTest): void {
  test('the accounts of a unit are found, those of units inside it included, and no suspended one', async () => {
    const { directory, outer, inner } = open();
    const inside = await directory.accountsIn(inner);
    expect(new Set(inside).size).toBe(25);
    const found = await directory.accountsIn(outer);
    expect(new Set(found).size).toBe(27);
    expect(found).toEqual(expect.arrayContaining([...inside]));
    expect(found.every((account) => /^\d{12}$/.test(account))).toBe(true);
  });

  test('a unit without accounts has none', async () => {
    const { directory, empty } = open();
    expect(await directory.accountsIn(empty)).toEqual([]);
  });

  test('a unit that is not there fails, and will tomorrow', async () => {
    const { directory, missing } = open();
    const failure = await directory.accountsIn(missing).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AccountDirectoryError);
    expect(failure).toMatchObject({ reason: 'not-found', retryable: false });
  });
}

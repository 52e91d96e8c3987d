import { PortError } from '../failure.ts';

/** The store could not read or write. */
export class StoreError extends PortError {
  override readonly name = 'StoreError';
}

/** Whether the store refused what it was given and would again, as what is larger than an item may be. */
export const isUnstorable = (error: unknown): error is StoreError =>
  error instanceof StoreError && error.reason === 'invalid';

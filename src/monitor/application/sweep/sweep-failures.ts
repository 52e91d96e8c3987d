import { isUnstorable, type StoreError } from '../../ports/store/alert-store.ts';

/** Why checks of single secrets failed; one bad secret never stops a sweep. */
export class SweepFailures {
  readonly #errors: unknown[] = [];
  readonly #unstorable: StoreError[] = [];

  /** What may go better next time: until then the sweep is not complete. */
  get errors(): readonly unknown[] {
    return this.#errors;
  }

  /** Why the states of single secrets could not be stored, nor will be: they are passed over. */
  get unstorable(): readonly StoreError[] {
    return this.#unstorable;
  }

  note(errors: readonly unknown[]): void {
    for (const error of errors) {
      if (isUnstorable(error)) this.#unstorable.push(error);
      else this.#errors.push(error);
    }
  }
}

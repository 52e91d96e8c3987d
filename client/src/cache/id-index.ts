import { possibleNames } from './secret-id.ts';

/** A set whose members are found by every spelling of the secret id that each is filed under. */
export class IdIndex<T> {
  readonly #byName = new Map<string, Set<T>>();

  add(secretId: string, member: T): void {
    for (const name of possibleNames(secretId)) {
      const members = this.#byName.get(name) ?? new Set();
      this.#byName.set(name, members.add(member));
    }
  }

  delete(secretId: string, member: T): void {
    for (const name of possibleNames(secretId)) {
      const members = this.#byName.get(name);
      members?.delete(member);
      if (members?.size === 0) this.#byName.delete(name);
    }
  }

  /** Members under ids that may mean the same secret; each once. */
  find(secretId: string): readonly T[] {
    return [...new Set(possibleNames(secretId).flatMap((name) => [...(this.#byName.get(name) ?? [])]))];
  }
}

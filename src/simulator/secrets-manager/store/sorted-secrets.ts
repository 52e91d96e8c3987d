import type { Secret } from './secret.ts';

/** The orders that ListSecrets offers. */
export const SECRET_ORDERS = ['created-date', 'last-accessed-date', 'last-changed-date', 'name'] as const;

/** An order in which secrets can be listed. */
export type SecretOrder = (typeof SECRET_ORDERS)[number];

/** A place in an order; secrets with equal keys stand in the order of creation. */
export interface Position {
  readonly key: string | number;
  readonly order: number;
}

/** Sorted secrets, and where among them a page begins. */
export interface Slice {
  readonly secrets: readonly Secret[];
  readonly index: number;
}

function sortKey(order: SecretOrder, { name, state }: Secret): string | number {
  switch (order) {
    case 'name':
      return name;
    case 'created-date':
      return state.createdAt;
    case 'last-changed-date':
      return state.changedAt;
    case 'last-accessed-date':
      return state.accessedOn ?? 0;
  }
}

const VOLATILE: readonly SecretOrder[] = ['last-accessed-date', 'last-changed-date'];

/** Secrets in several orders, each sorted when first asked for, so that a page costs no more than itself. */
export class SortedSecrets {
  readonly #secrets = new Set<Secret>();
  readonly #orders = new Map<SecretOrder, readonly Secret[]>();

  add(secret: Secret): void {
    this.#secrets.add(secret);
    this.#orders.clear();
  }

  remove(secret: Secret): void {
    this.#secrets.delete(secret);
    this.#orders.clear();
  }

  /** Forgets the orders that a change of any secret can upset. */
  changed(): void {
    for (const order of VOLATILE) this.#orders.delete(order);
  }

  /** The sorted secrets and the index of the first one after a position. */
  from(order: SecretOrder, after: Position | undefined): Slice {
    const secrets = this.#orders.get(order) ?? this.#sort(order);
    return { secrets, index: after === undefined ? 0 : firstAfter(secrets, order, after) };
  }

  #sort(order: SecretOrder): readonly Secret[] {
    const secrets = [...this.#secrets].sort((a, b) => comparePositions(placeOf(order, a), placeOf(order, b)));
    this.#orders.set(order, secrets);
    return secrets;
  }
}

/** The place of a secret in an order. */
export const placeOf = (order: SecretOrder, secret: Secret): Position => ({
  key: sortKey(order, secret),
  order: secret.order,
});

function comparePositions(a: Position, b: Position): number {
  if (a.key === b.key) return a.order - b.order;
  return a.key < b.key ? -1 : 1;
}

function firstAfter(secrets: readonly Secret[], order: SecretOrder, after: Position): number {
  let low = 0;
  let high = secrets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const secret = secrets[middle];
    if (secret !== undefined && comparePositions(placeOf(order, secret), after) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

import { arnHashHalves, mixed } from '../../arn-hash.ts';

/** A number that decides the order of a secret in a sample: the same for the same seed and ARN, wherever it is computed. */
const placeOf = (seed: string, arn: string): number => {
  const { high, low } = arnHashHalves(`${seed}\n${arn}`);
  return mixed(high ^ mixed(low, 1), 2);
};

/** Draws a reproducible sample of secrets, one by one, with no more than `size` in hand. */
export class Sample<T extends { readonly secretArn: string }> {
  readonly #size: number;
  readonly #seed: string;
  readonly #drawn: { readonly place: number; readonly row: T }[] = [];

  constructor(size: number, seed: string) {
    this.#size = size;
    this.#seed = seed;
  }

  /** The rows that are drawn, by name of their ARN. */
  get rows(): readonly T[] {
    return this.#drawn.map(({ row }) => row).sort((a, b) => (a.secretArn < b.secretArn ? -1 : 1));
  }

  /** Takes a row into account. */
  offer(row: T): void {
    const place = placeOf(this.#seed, row.secretArn);
    const at = this.#drawn.findLastIndex((each) => each.place <= place) + 1;
    this.#drawn.splice(at, 0, { place, row });
    if (this.#drawn.length > this.#size) this.#drawn.pop();
  }
}

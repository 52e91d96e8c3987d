import { arnHashHalves, hashText, type HashHalves as Key, mixed } from '../arn-hash.ts';

/**
 * Cells of a sketch. Some 1.3 times as many as differences are needed to read them all: 96 show up to about sixty
 * secrets that came or went between two sweeps, whatever the number of secrets.
 */
const CELLS = 96;
/** Each key lies in so many cells, one in each quarter of the sketch. Two keys share all four once in 24^4 pairs. */
const PLACES = 4;
/** Numbers of a cell: how many keys, and the exclusive or of their halves and of their check words. */
const WIDTH = 4;

/** The difference of two sketches; keys are those that `arnHash` makes. */
export interface SketchDifference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/**
 * A summary of a set of ARNs with a fixed size, whose difference from another one names the ARNs that only one of the two
 * sets has: an invertible Bloom lookup table. M. T. Goodrich, M. Mitzenmacher: Invertible Bloom Lookup Tables, 2011,
 * https://arxiv.org/abs/1101.2245
 */
export class PopulationSketch {
  readonly #cells: number[];

  /** An empty one, or one that {@link PopulationSketch.cells} was kept of; cells of another size count as none. */
  constructor(cells: readonly number[] = []) {
    this.#cells =
      cells.length === CELLS * WIDTH ? [...cells] : Array.from({ length: CELLS * WIDTH }, () => 0);
  }

  /** All numbers of the sketch, to keep. */
  get cells(): readonly number[] {
    return this.#cells;
  }

  /** Takes an ARN into the set. Each may be added once. */
  add(arn: string): void {
    toggle(this.#cells, arnHashHalves(arn), 1);
  }

  /** The ARNs that were added to or removed from the earlier set; undefined when they are too many to tell apart. */
  since(earlier: PopulationSketch): SketchDifference | undefined {
    const cells = this.#cells.map((value, index) => {
      const before = earlier.#cells[index] ?? 0;
      return index % WIDTH === 0 ? value - before : (value ^ before) >>> 0;
    });
    const added: string[] = [];
    const removed: string[] = [];
    for (let found = pure(cells); found !== undefined; found = pure(cells)) {
      const { key, count } = found;
      (count > 0 ? added : removed).push(hashText(key));
      toggle(cells, key, -count);
      if (added.length + removed.length > CELLS) return undefined;
    }
    return cells.every((value) => value === 0) ? { added, removed } : undefined;
  }
}

function toggle(cells: number[], key: Key, count: number): void {
  const check = checkOf(key);
  for (let quarter = 0; quarter < PLACES; quarter++) {
    const place = placeOf(key, quarter);
    cells[place] = (cells[place] ?? 0) + count;
    toggleWord(cells, place + 1, key.high);
    toggleWord(cells, place + 2, key.low);
    toggleWord(cells, place + 3, check);
  }
}

function toggleWord(cells: number[], at: number, word: number): void {
  cells[at] = ((cells[at] ?? 0) ^ word) >>> 0;
}

/** A cell that holds a single key, which its check word proves. */
function pure(cells: readonly number[]): { readonly key: Key; readonly count: 1 | -1 } | undefined {
  for (let place = 0; place < cells.length; place += WIDTH) {
    const count = cells[place];
    if (count !== 1 && count !== -1) continue;
    const key = { high: cells[place + 1] ?? 0, low: cells[place + 2] ?? 0 };
    if (cells[place + 3] === checkOf(key)) return { key, count };
  }
  return undefined;
}

function placeOf({ high, low }: Key, quarter: number): number {
  const cells = CELLS / PLACES;
  const spread = mixed(low ^ Math.imul(high, quarter + 1), quarter + 1);
  return (quarter * cells + (spread % cells)) * WIDTH;
}

const checkOf = ({ high, low }: Key): number => mixed(high ^ mixed(low, 101), 103);

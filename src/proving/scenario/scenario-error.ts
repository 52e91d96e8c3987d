/** One thing in a scenario file that cannot be used. */
export interface ScenarioFault {
  /** Path of the value, such as `secrets.3.kind`. */
  readonly path: string;
  /** Form of an acceptable value. */
  readonly expected: string;
  /** The value found; undefined when it is missing. */
  readonly got: unknown;
}

/** A scenario file cannot be used; names every fault at once. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly faults: readonly ScenarioFault[];

  constructor(faults: readonly ScenarioFault[]) {
    super(`Cannot use the scenario:\n${faults.map(faultLine).join('\n')}`);
    this.faults = faults;
  }
}

/** Longest part of a wrong value that an error repeats. */
const LONGEST_GOT = 100;

const faultLine = ({ path, expected, got }: ScenarioFault): string =>
  `  ${path === '' ? 'the file' : path}: expected ${expected}, got ${shown(got)}`;

const shown = (value: unknown): string =>
  value === undefined ? 'nothing' : JSON.stringify(value).slice(0, LONGEST_GOT);

const SHOWN = '<redacted>';
/** The symbol of Node's `util.inspect` hook, which `console` and test reports use too. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** A text nobody may read, such as a URL with a token in it: prints as `<redacted>` wherever it is printed. */
export class Redacted<T extends string = string> {
  readonly #text: T;

  constructor(text: T) {
    this.#text = text;
    Object.defineProperty(this, INSPECT, { value: () => SHOWN });
  }

  /** The text itself, for the one call that needs it. */
  reveal(): T {
    return this.#text;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }
}

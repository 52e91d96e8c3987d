/** The symbol of Node's `util.inspect` hook, made here so that `node:util` need not be loaded. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** Lets `console.log` and `util.inspect`, at any depth, print what `toJSON` answers. */
export function printAsJson(target: { toJSON(): unknown }): void {
  Object.defineProperty(target, INSPECT, {
    value(this: { toJSON: unknown }) {
      // A field of a secret may have this name.
      return typeof this.toJSON === 'function' ? this.toJSON() : target.toJSON();
    },
    configurable: true,
  });
}

import { type Instant, instant } from '../../../../calendar/instant.ts';

/** Reads a value that was stored; throws an {@link Unreadable} for what it is not. */
export type Reader<T> = (value: unknown) => T;

/** A stored value is not what it should be. It quotes nothing: the value may be anybody's. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';

  constructor(expected: string) {
    super(`A stored value is not ${expected}`);
  }
}

/** Longer texts are not the monitor's own: it keeps commands and sentences, and cuts what comes from outside. */
const LONGEST_TEXT = 65_536;
/** Times beyond these are no dates. https://tc39.es/ecma262/#sec-time-values-and-time-range */
const LATEST = 8.64e15;

function checked<T>(expected: string, is: (value: unknown) => value is T): Reader<T> {
  return (value) => {
    if (is(value)) return value;
    throw new Unreadable(expected);
  };
}

export const text: Reader<string> = checked(
  'a text',
  (value): value is string => typeof value === 'string' && value.length <= LONGEST_TEXT,
);

export const flag: Reader<boolean> = checked('yes or no', (value) => typeof value === 'boolean');

/** A finite number. */
export const number: Reader<number> = checked('a number', (value): value is number => Number.isFinite(value));

export const time: Reader<Instant> = (value) => {
  const at = number(value);
  if (Math.abs(at) > LATEST) throw new Unreadable('a time');
  return instant(at);
};

/** One of the words that are the keys of a record, which the compiler finds complete. */
export const word = <T extends string>(words: Readonly<Record<T, unknown>>): Reader<T> =>
  checked('a known word', (value): value is T => typeof value === 'string' && Object.hasOwn(words, value));

/** One of a list of words. */
export const wordOf = <T extends string>(words: readonly T[]): Reader<T> =>
  checked('a known word', (value): value is T => words.some((each) => each === value));

/** Undefined where nothing was stored. */
export const optional =
  <T>(read: Reader<T>): Reader<T | undefined> =>
  (value) =>
    value === undefined || value === null ? undefined : read(value);

/** Makes a reader that returns a default for an unreadable value. */
export const or =
  <T, U>(read: Reader<T>, otherwise: U): Reader<T | U> =>
  (value) => {
    try {
      return read(value);
    } catch (error) {
      if (error instanceof Unreadable) return otherwise;
      throw error;
    }
  };

/** A list, all of whose items can be read. */
export const listOf =
  <T>(read: Reader<T>): Reader<readonly T[]> =>
  (value) => {
    if (!Array.isArray(value)) throw new Unreadable('a list');
    return value.map(read);
  };

const DROPPED = Symbol('dropped');

/** Those items of a list that can be read: one that cannot takes none of the others along. */
export const someOf =
  <T>(read: Reader<T>): Reader<readonly T[]> =>
  (value) =>
    listOf(or(read, DROPPED))(value).filter((each): each is T => each !== DROPPED);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Those values of a record that can be read. */
export const recordOf =
  <T>(read: Reader<T>): Reader<Readonly<Record<string, T>>> =>
  (value) => {
    if (!isRecord(value)) throw new Unreadable('a record');
    const entries = Object.entries(value).map(([key, each]) => [key, or(read, DROPPED)(each)] as const);
    return Object.fromEntries(entries.filter((entry): entry is [string, T] => entry[1] !== DROPPED));
  };

type Optional<T, K extends keyof T> = Record<never, never> extends Pick<T, K> ? undefined : never;

/** The readers of an object's fields; none may be left out. */
export type Shape<T> = { readonly [K in keyof T]-?: Reader<T[K] | Optional<T, K>> };

/** An object with these fields; what else was stored is dropped. */
export const object =
  <T extends object>(shape: Shape<T>): Reader<T> =>
  (value) => {
    if (!isRecord(value)) throw new Unreadable('an object');
    const fields = Object.entries<Reader<unknown>>(shape).flatMap(([name, read]) => {
      const field = read(Object.hasOwn(value, name) ? value[name] : undefined);
      return field === undefined ? [] : [[name, field] as const];
    });
    return Object.fromEntries(fields) as T;
  };

/** The value in a JSON text; undefined where it is none, or not what it should be. */
export function readJson<T>(json: string | undefined, read: Reader<T>): T | undefined {
  try {
    return read(JSON.parse(json ?? ''));
  } catch (error) {
    if (error instanceof Unreadable || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

import { DAY, type Instant, instant, later } from '../../../../calendar/instant.ts';

/** Reads a value that was stored; throws an {@link Unreadable} for what it is not. */
export type Reader<T> = (value: unknown, reading: Reading) => T;

/** The reading of one stored value. */
interface Reading {
  /** The latest time that can have come. */
  readonly until: Instant;
  /** Called for each part that cannot be read and is left out. */
  readonly onDropped: () => void;
}

/** A stored value is not what it should be. It quotes nothing: the value may be anybody's. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';

  constructor(expected: string) {
    super(`A stored value is not ${expected}`);
  }
}

/** Longer texts are not the monitor's own: it keeps commands and sentences, and cuts what comes from outside. */
const LONGEST_TEXT = 65_536;
/** Times beyond this are no dates. https://tc39.es/ecma262/#sec-time-values-and-time-range */
const LATEST: Instant = instant(8.64e15);
/** Clocks differ, and some records foresee what is due within hours: a time further ahead has not come. */
const AHEAD_MS = DAY;

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

export const time: Reader<Instant> = (value, reading) => {
  const at = number(value, reading);
  if (Math.abs(at) > LATEST) throw new Unreadable('a time');
  return instant(at);
};

/** The time of something that has happened: one that lies ahead would keep what is true from being seen as news. */
export const past: Reader<Instant> = (value, reading) => {
  const at = time(value, reading);
  if (at > reading.until) throw new Unreadable('a time that has come');
  return at;
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
  (value, reading) =>
    value === undefined || value === null ? undefined : read(value, reading);

/** Makes a reader that returns a default for an unreadable value. */
export const or =
  <T, U>(read: Reader<T>, otherwise: U): Reader<T | U> =>
  (value, reading) => {
    try {
      return read(value, reading);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      if (value !== undefined) reading.onDropped();
      return otherwise;
    }
  };

/** A list, all of whose items can be read. */
export const listOf =
  <T>(read: Reader<T>): Reader<readonly T[]> =>
  (value, reading) => {
    if (!Array.isArray(value)) throw new Unreadable('a list');
    return value.map((each) => read(each, reading));
  };

const DROPPED = Symbol('dropped');

/** Those items of a list that can be read: one that cannot takes none of the others along. */
export const someOf =
  <T>(read: Reader<T>): Reader<readonly T[]> =>
  (value, reading) =>
    listOf(or(read, DROPPED))(value, reading).filter((each): each is T => each !== DROPPED);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Those values of a record that can be read. */
export const recordOf =
  <T>(read: Reader<T>): Reader<Readonly<Record<string, T>>> =>
  (value, reading) => {
    if (!isRecord(value)) throw new Unreadable('a record');
    const entries = Object.entries(value).map(
      ([key, each]) => [key, or(read, DROPPED)(each, reading)] as const,
    );
    return Object.fromEntries(entries.filter((entry): entry is [string, T] => entry[1] !== DROPPED));
  };

type Optional<T, K extends keyof T> = Record<never, never> extends Pick<T, K> ? undefined : never;

/** The readers of an object's fields; none may be left out. */
export type Shape<T> = { readonly [K in keyof T]-?: Reader<T[K] | Optional<T, K>> };

/** An object with these fields; what else was stored is dropped. */
export function object<T extends object>(shape: Shape<T>): Reader<T> {
  const fields = Object.entries<Reader<unknown>>(shape);
  return (value, reading) => {
    if (!isRecord(value)) throw new Unreadable('an object');
    const made: Record<string, unknown> = {};
    for (const [name, read] of fields) {
      const field = read(Object.hasOwn(value, name) ? value[name] : undefined, reading);
      if (field !== undefined) made[name] = field;
    }
    return made as T;
  };
}

/** The circumstances in which a value is read. */
export interface ReadingGiven {
  /** Without it every time may have come. */
  readonly now?: Instant | undefined;
  readonly onDropped?: Reading['onDropped'];
}

/** The value in a JSON text; undefined where it is none, or not what it should be. */
export const readJson = <T>(json: string | undefined, read: Reader<T>, given?: ReadingGiven): T | undefined =>
  readStored(() => JSON.parse(json ?? ''), read, given);

/** The value that was stored; undefined where it is not what it should be. */
export function readStored<T>(
  stored: () => unknown,
  read: Reader<T>,
  { now, onDropped = () => undefined }: ReadingGiven = {},
): T | undefined {
  try {
    return read(stored(), { until: now === undefined ? LATEST : later(now, AHEAD_MS), onDropped });
  } catch (error) {
    if (error instanceof Unreadable || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

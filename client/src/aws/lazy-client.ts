/** A client of the SDK, a promise of one, or a function that makes one when it is needed first. */
export type Lazy<T> = T | Promise<T> | (() => T | Promise<T>);

/** Makes a client on its first use, and again after that failed. */
export function lazily<T>(given: Lazy<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= Promise.resolve(isMaker(given) ? given() : given);
    made.catch(() => {
      made = undefined;
    });
    return made;
  };
}

const isMaker = <T>(given: Lazy<T>): given is () => T | Promise<T> => typeof given === 'function';

/** Origin of a number in a report: seen in an event or an answer, concluded from others, or not knowable. */
export type Basis = 'observed' | 'inferred' | 'unknown';

/** A value of a report with how it is known. */
export interface Figure<T = number> {
  /** Undefined only when nothing is known. */
  readonly value: T | undefined;
  readonly basis: Basis;
  /** The reason why it is inferred or unknown; undefined for an observed one. */
  readonly because?: string | undefined;
}

/** A value that an event or an answer of AWS shows. */
export const observed = <T>(value: T): Figure<T> => ({ value, basis: 'observed' });

/** A value that follows from others. */
export const inferred = <T>(value: T, because: string): Figure<T> => ({ value, basis: 'inferred', because });

/** A value that nothing shows. */
export const unknown = <T>(because: string): Figure<T> => ({ value: undefined, basis: 'unknown', because });

/** One line of the log: an event in words and what identifies it; never a value taken from outside. */
export interface LogRecord {
  readonly level: 'info' | 'warn' | 'error';
  /** Constant description of the occurrence; variable parts belong to the details. */
  readonly message: string;
  /** Ids, counts and reasons. */
  readonly details?: Readonly<Record<string, string | number | undefined>>;
}

/** Takes log records. */
export type Log = (record: LogRecord) => void;

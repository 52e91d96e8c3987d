/** The meanings of every command's exit codes. */
export const EXIT = {
  /** It ran, and all is well. */
  well: 0,
  /** It ran, and found something wrong. */
  found: 1,
  /** It could not run: wrong arguments, no credentials, nobody answers. Nothing was changed. */
  couldNotRun: 2,
  /** It stopped half-way: not all that was meant to be changed or looked at was. */
  halfWay: 3,
} as const;

/** The exit code that shells expect of a program that Ctrl-C ended. */
export const INTERRUPTED = 130;

/** The same as the help of a command ends with it. */
export const EXIT_CODES = `Exit codes:
  0  all is well
  1  the command ran and found something wrong
  2  the command could not run: wrong arguments, no credentials, nobody answers
  3  the command stopped half-way`;

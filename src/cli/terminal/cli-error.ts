import { type Colors, printable } from './output.ts';

/** The four parts of a message about a mistake of the operator or a service that does not answer. */
export interface CliErrorParts {
  /** The task that failed, without a period. */
  readonly what: string;
  /** The facts that were found, line by line. */
  readonly details: readonly string[];
  /** The remedies, a sentence each. */
  readonly solve: readonly string[];
  /** A command that works, or that shows more. */
  readonly example: string;
}

/** The command could not be carried out; never a mistake of the program itself. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly parts: CliErrorParts;

  constructor(parts: CliErrorParts, options?: ErrorOptions) {
    super(parts.what, options);
    this.parts = parts;
  }
}

/** The command has ended at Ctrl-C, and has taken back what it had begun. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** The four parts of an error as people read them. */
export const renderError = ({ what, details, solve, example }: CliErrorParts, colors: Colors): string =>
  [
    `${colors.red('Error:')} ${printable(what)}`,
    ...details.map((line) => `  ${printable(line)}`),
    '',
    'How to solve this',
    ...solve.map((line) => `  ${printable(line)}`),
    '',
    'Example',
    `  ${printable(example)}`,
    '',
  ].join('\n');

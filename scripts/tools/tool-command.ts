import { Command, InvalidArgumentError } from 'commander';

/** A tool of this project, as its help shows it. */
export interface Tool {
  /** The command that people type, such as `npm run chaos --`. */
  readonly name: string;
  /** The purpose of the tool, in sentences. */
  readonly does: string;
  /** Commands that work. */
  readonly examples: readonly string[];
  /** The meanings of the exit codes; 2 is always that an argument is not understood. */
  readonly exitCodes: Readonly<Record<number, string>>;
}

/** The exit code of a command line that is not understood: nothing was done. */
const NOT_UNDERSTOOD = 2;

/** Makes the command of a tool. `--help` ends it with 0, and what is not understood with 2, before anything is done. */
export const toolCommand = ({ name, does, examples, exitCodes }: Tool): Command =>
  new Command(name)
    .description(does)
    .helpOption('--help', 'shows this')
    .addHelpText('after', () => helpEnd(examples, exitCodes))
    .showHelpAfterError(`"${name} --help" says what it understands.`)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : NOT_UNDERSTOOD));

const helpEnd = (examples: readonly string[], exitCodes: Tool['exitCodes']): string =>
  [
    '',
    'Examples:',
    ...examples.map((example) => `  ${example}`),
    '',
    'Exit codes:',
    ...Object.entries({ ...exitCodes, [NOT_UNDERSTOOD]: 'an argument is not understood' }).map(
      ([code, meaning]) => `  ${code}  ${meaning}`,
    ),
  ].join('\n');

/** Makes a parser of whole numbers of at least `least`. */
export const wholeFrom =
  (least: number) =>
  (text: string): number => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : -1;
    if (number < least) throw new InvalidArgumentError(`Expected a whole number from ${least}.`);
    return number;
  };

/** Parses a number above 0, with or without decimals. */
export function aboveZero(text: string): number {
  const number = /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : 0;
  if (number === 0) throw new InvalidArgumentError('Expected a number above 0.');
  return number;
}

import { shellQuote } from './shell-quote.ts';

/** A word of a command line, or an option with its value. */
export type CommandWord = string | readonly [option: string, value: string];

/** Words as one line that a shell takes apart again, and options whose values no program takes for another option. */
export const commandLine = (...words: readonly CommandWord[]): string => words.flatMap(written).join(' ');

/**
 * Names of log groups, secrets, parameters, rules and functions may begin with a hyphen. A value that does is read as
 * one only behind an equals sign. https://docs.python.org/3/library/argparse.html#arguments-containing
 */
function written(word: CommandWord): readonly string[] {
  if (typeof word === 'string') return [shellQuote(word)];
  const [option, value] = word;
  return value.startsWith('-') ? [`${option}=${shellQuote(value)}`] : [option, shellQuote(value)];
}

/** The word that names a secret to a command of ours: its name, or its ARN where the name would be taken for an option. */
export const secretWord = ({
  secretName,
  secretArn,
}: {
  readonly secretName: string;
  readonly secretArn: string;
}): string => shellQuote(secretName.startsWith('-') ? secretArn : secretName);

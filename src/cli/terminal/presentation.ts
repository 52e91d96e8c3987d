import { type Command, Option } from 'commander';
import { CliError } from './cli-error.ts';
import { type OptionParser, reading } from './options.ts';
import { type Colors, colorsFor, type Terminal } from './output.ts';
import { USUAL_COLUMNS } from './wrap.ts';

/** The options that say how a result is written. */
export interface PresentationOptions {
  readonly format?: Format;
  readonly json?: true;
  /** False where `--no-color` was given. */
  readonly color?: boolean;
}

/** The formats of a result. */
type Format = 'text' | 'json';

/** Format, colors and width of a result. */
export interface Presentation {
  readonly isJson: boolean;
  readonly colors: Colors;
  /** Column at which lines are wrapped. */
  readonly columns: number;
}

/** Gives a command the options of {@link PresentationOptions}. */
export const withPresentation = (command: Command): Command =>
  command
    .addOption(new Option('--format <format>', 'how to write the result').choices(['text', 'json']))
    .addOption(
      new Option('--json', 'the same as --format json: one JSON object and nothing else').conflicts('format'),
    )
    .option('--no-color', 'write without colours, also on a terminal');

/** Joins the options with what the terminal can show. */
export const presentation = (
  { format, json, color = true }: PresentationOptions,
  { stdout, environment }: Pick<Terminal, 'stdout' | 'environment'>,
): Presentation => ({
  isJson: json === true || format === 'json',
  colors: colorsFor(stdout, color ? environment : { NO_COLOR: '1' }),
  columns: stdout.columns ?? USUAL_COLUMNS,
});

/** Makes a parser of one or more formats with commas between them. */
export const formatsOption = <F extends string>(known: readonly F[]): OptionParser<readonly F[]> =>
  reading(`formats of ${known.join(', ')}, with commas between them`, (text) => {
    const formats = text.split(',').map((word) => known.find((format) => format === word.trim()));
    const found = formats.filter((format) => format !== undefined);
    return found.length === formats.length ? [...new Set(found)] : undefined;
  });

/** The formats that options ask for, text by default; several need a folder. */
export function formatsOf<F extends string>(
  { format, json, outputDirectory }: FormatsOptions<F>,
  command: string,
): readonly (F | Format)[] {
  const formats = json === true ? (['json'] as const) : (format ?? (['text'] as const));
  if (formats.length === 1 || outputDirectory !== undefined) return formats;
  throw new CliError({
    what: `Cannot write ${formats.length} formats to one stream`,
    details: [`Formats: ${formats.join(', ')}.`],
    solve: ['Name a folder with --output-directory.'],
    example: `${command} --format ${formats.join(',')} --output-directory ${command.split(' ').at(-1)}`,
  });
}

/** The options of a command that writes several formats at once. */
export interface FormatsOptions<F extends string> {
  readonly format?: readonly F[];
  readonly json?: true;
  readonly outputDirectory?: string;
}

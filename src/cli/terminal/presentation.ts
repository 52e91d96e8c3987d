import { type Command, Option } from 'commander';
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

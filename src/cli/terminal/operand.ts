import { shellQuote } from '../../monitor/domain/shell-quote.ts';

/** A value as a command line takes it: what begins with a hyphen stands behind `--`. */
export const operand = (text: string): string =>
  text.startsWith('-') ? `-- ${shellQuote(text)}` : shellQuote(text);

/** A command line with further options, which stand before `--`. */
export const withOptions = (command: string, ...options: readonly string[]): string =>
  command.replace(
    /( -- (?:'-.*|-.*))?$/,
    (behind) => options.map((option) => ` ${option}`).join('') + behind,
  );

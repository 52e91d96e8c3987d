import { parse } from 'smol-toml';

/**
 * The tables of a TOML file. The parser is bundled into this file when the package is built, so that it is no
 * dependency of the package.
 *
 * @throws An error with line and column. The text holds no secret.
 */
export const parseToml = (text: string): Readonly<Record<string, unknown>> => parse(text);

import type { KnownCommand, KnownOption } from './known-words.ts';

/**
 * A script for zsh: a function for each command, which hands the words on to that of the command below it.
 * https://zsh.sourceforge.io/Doc/Release/Completion-System.html
 */
export const zshScript = (program: string, commands: readonly KnownCommand[]): string =>
  [
    `#compdef ${program}`,
    ...commands.map((command) => functionFor(program, command)),
    `if [[ $funcstack[1] == ${nameOf(program, [])} ]]; then`,
    `  ${nameOf(program, [])} "$@"`,
    'else',
    `  compdef ${nameOf(program, [])} ${program}`,
    'fi',
    '',
  ].join('\n');

const functionFor = (program: string, command: KnownCommand): string =>
  [
    `${nameOf(program, command.path)}() {`,
    ...(command.commands.length === 0 ? leafLines(command) : branchLines(program, command)),
    '}',
  ].join('\n');

const leafLines = ({ options, argumentValues }: KnownCommand): readonly string[] => {
  const values = argumentValues.length === 0 ? '_files' : `(${argumentValues.join(' ')})`;
  return [`  _arguments ${[...options.map(specOf), quoted(`*:value:${values}`)].join(' ')}`];
};

const branchLines = (program: string, { path, commands, options }: KnownCommand): readonly string[] => [
  '  local line state',
  `  _arguments -C ${[...options.map(specOf), quoted('1: :->command'), quoted('*:: :->rest')].join(' ')}`,
  '  case $state in',
  `    command) local -a words_known=(${commands.map(({ name, description }) => quoted(`${name}:${escaped(description)}`)).join(' ')})`,
  '      _describe command words_known ;;',
  '    rest) case $line[1] in',
  ...commands.map(({ name }) => `      ${name}) ${nameOf(program, [...path, name])} ;;`),
  '    esac ;;',
  '  esac',
];

const nameOf = (program: string, path: readonly string[]): string =>
  ['', ...program.split('-'), ...path].join('_');

function specOf({ name, description, values }: KnownOption): string {
  const described = `${name}[${escaped(description)}]`;
  if (values === undefined) return quoted(described);
  return quoted(`${described}:value:${values.length === 0 ? '_files' : `(${values.join(' ')})`}`);
}

/** Escapes the characters that have a meaning for `_arguments` and `_describe`. */
const escaped = (text: string): string => text.replaceAll(/[\\[\]:]/g, (character) => `\\${character}`);

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

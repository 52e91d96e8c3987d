import type { KnownCommand } from './known-words.ts';

/**
 * A script for bash. It walks the words typed so far to find the command, and offers what may follow it; after an
 * option that takes a value it offers the values, or file names.
 * https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html
 */
export const bashScript = (
  program: string,
  commands: readonly KnownCommand[],
): string => `${functionOf(program)}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" path="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
${paths(commands)
  .map((path) => `      '${path}') path='${path}' ;;`)
  .join('\n')}
    esac
  done
  case "$path $prev" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case "$path" in
${commands.map((command) => `    '${pathOf(command)}') COMPREPLY=($(compgen -W '${wordsOf(command)}' -- "$cur")) ;;`).join('\n')}
  esac
}
complete -o default -F ${functionOf(program)} ${program}
`;

const functionOf = (program: string): string => `_${program.replaceAll('-', '_')}`;

const pathOf = ({ path }: KnownCommand): string => path.map((word) => ` ${word}`).join('');

const paths = (commands: readonly KnownCommand[]): readonly string[] =>
  commands.map(pathOf).filter((path) => path !== '');

const wordsOf = ({ commands, options, argumentValues }: KnownCommand): string =>
  [...argumentValues, ...[...commands, ...options].map(({ name }) => name)].join(' ');

/** Returns the words offered after each option; none after an option with any value, so that bash offers file names. */
const valueCases = (command: KnownCommand): readonly string[] =>
  command.options
    .filter(({ values }) => values !== undefined)
    .map(({ name, values = [] }) => {
      const offered =
        values.length === 0 ? '' : `COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$cur")); `;
      return `    '${pathOf(command)} ${name}') ${offered}return ;;`;
    });

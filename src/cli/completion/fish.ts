import type { KnownCommand, KnownOption } from './known-words.ts';

/** A script for fish: a line for each word. https://fishshell.com/docs/current/completions.html */
export const fishScript = (program: string, commands: readonly KnownCommand[]): string =>
  [
    `complete -c ${program} -f -n '__fish_use_subcommand'`,
    ...commands.flatMap((command) => linesOf(program, command)),
    '',
  ].join('\n');

const linesOf = (program: string, command: KnownCommand): readonly string[] => [
  ...command.commands.map(
    ({ name, description }) =>
      `complete -c ${program} -f -n ${quoted(conditionOf(command))} -a ${name} -d ${quoted(description)}`,
  ),
  ...command.argumentValues.map(
    (value) => `complete -c ${program} -f -n ${quoted(conditionOf(command))} -a ${value}`,
  ),
  ...command.options.map((option) =>
    [
      `complete -c ${program} -n ${quoted(conditionOf(command))} -l ${option.name.slice(2)}`,
      ...valuesOf(option),
      `-d ${quoted(option.description)}`,
    ].join(' '),
  ),
];

const valuesOf = ({ values }: KnownOption): readonly string[] => {
  if (values === undefined) return [];
  return values.length === 0 ? ['-r'] : [`-x -a ${quoted(values.join(' '))}`];
};

/** Whether the words that lead to the command were typed, and none that leads further. */
function conditionOf({ path, commands }: KnownCommand): string {
  const [first, ...more] = path;
  if (first === undefined) return '__fish_use_subcommand';
  const typed = [first, ...more].map((word) => `__fish_seen_subcommand_from ${word}`);
  const further = commands.map(({ name }) => name).join(' ');
  return [...typed, ...(further === '' ? [] : [`not __fish_seen_subcommand_from ${further}`])].join('; and ');
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

import type { Command, Option } from 'commander';

/** One command of the program, and what may follow it. */
export interface KnownCommand {
  /** The words that lead to it, without the name of the program; empty for the program itself. */
  readonly path: readonly string[];
  readonly commands: readonly KnownWord[];
  readonly options: readonly KnownOption[];
  /** The words its argument is limited to; empty where any text may stand. */
  readonly argumentValues: readonly string[];
}

/** A word that may be typed, and what it is for. */
interface KnownWord {
  readonly name: string;
  readonly description: string;
}

/** An option by its long name. */
export interface KnownOption extends KnownWord {
  /** Undefined for an option that takes no value; empty for one that takes any. */
  readonly values: readonly string[] | undefined;
}

/** Every command of the program with its options, as the program itself knows them. */
export function knownCommands(command: Command, path: readonly string[] = []): readonly KnownCommand[] {
  const help = command.createHelp();
  const commands = help.visibleCommands(command).filter((each) => each.name() !== 'help');
  const own: KnownCommand = {
    path,
    commands: commands.map((each) => ({ name: each.name(), description: each.description() })),
    options: help.visibleOptions(command).flatMap(knownOption),
    argumentValues: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
  };
  return [own, ...commands.flatMap((each) => knownCommands(each, [...path, each.name()]))];
}

function knownOption({ long, description, required, optional, argChoices }: Option): readonly KnownOption[] {
  if (long === undefined || long === null) return [];
  return [{ name: long, description, values: required || optional ? (argChoices ?? []) : undefined }];
}

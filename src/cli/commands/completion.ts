import { Argument, Command } from 'commander';
import { bashScript } from '../completion/bash.ts';
import { fishScript } from '../completion/fish.ts';
import { knownCommands } from '../completion/known-words.ts';
import { zshScript } from '../completion/zsh.ts';
import type { Terminal } from '../terminal/output.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

const MORE_HELP = `
Examples:
  source <(rotation-monitor completion bash)                                   in ~/.bashrc
  source <(rotation-monitor completion zsh)                                    in ~/.zshrc, after compinit
  rotation-monitor completion fish > ~/.config/fish/completions/rotation-monitor.fish

Exit codes:
  0  the script is written
  2  the shell is not known`;

/** `rotation-monitor completion`: a script that completes commands, options and values in a shell. */
export const completionCommand = ({ stdout }: Terminal): Command =>
  new Command('completion')
    .description('Write a script that completes commands and options in your shell.')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SCRIPTS)))
    .addHelpText('after', MORE_HELP)
    .action((shell: keyof typeof SCRIPTS, _options: object, command: Command) => {
      const program = command.parent ?? command;
      stdout.write(SCRIPTS[shell](program.name(), knownCommands(program)));
    });

import { execFileSync, spawnSync } from 'node:child_process';
import { expect, type TestContext, test } from 'vitest';
import { run } from '../../../../src/cli/run.ts';
import { aTerminal } from '../../../support/terminal.ts';

/** Skips a test, and says why, where the shell is not installed. */
const needs = (shell: string, context: TestContext): void => {
  if (spawnSync(shell, ['-c', 'exit 0']).status !== 0) context.skip(`${shell} is not installed`);
};

async function scriptFor(shell: string): Promise<string> {
  const terminal = aTerminal();
  expect(await run(['completion', shell], terminal)).toBe(0);
  return terminal.out();
}

/** The words that a shell prints. */
const printed = (shell: string, script: string, ...options: readonly string[]): readonly string[] =>
  execFileSync(shell, [...options, '-c', script], { encoding: 'utf8' })
    .split(/\s+/)
    .filter(Boolean);

/** Returns bash's completions after these words, the last of which is being typed. */
const offered = async (...words: readonly string[]): Promise<readonly string[]> =>
  printed(
    'bash',
    `${await scriptFor('bash')}
COMP_WORDS=(rotation-monitor ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}
_rotation_monitor; printf '%s\\n' "\${COMPREPLY[@]}"`,
    '--norc',
  );

test('bash offers the commands, and those that begin as typed', async () => {
  expect(await offered('')).toEqual(expect.arrayContaining(['drill', 'sweep', 'replay', '--version']));
  expect(await offered('s')).toEqual(['sweep', 'status', 'silence', 'simulate']);
});

test('bash offers the options of the command that was typed, also of one below another', async () => {
  expect(await offered('drill', '--s')).toEqual(['--scenario', '--seed']);
  expect(await offered('drill', '--days', '3', '--dr')).toEqual(['--drop-events']);
  expect(await offered('dashboards', '')).toEqual(['preview', '--help']);
  expect(await offered('dashboards', 'preview', '--sp')).toEqual(['--speed']);
});

test('bash offers the values of an argument or option, and leaves any value to file names', async () => {
  expect(await offered('completion', 'z')).toEqual(['zsh']);
  expect(await offered('sweep', '--format', '')).toEqual(['text', 'json']);
  expect(await offered('drill', '--scenario', '')).toEqual([]);
});

test('a shell that is not known is refused with those that are', async () => {
  const terminal = aTerminal();
  expect(await run(['completion', 'tcsh'], terminal)).toBe(2);
  expect(terminal.err()).toContain('Allowed choices are bash, zsh, fish');
});

test('fish offers commands, options and values', async (context) => {
  needs('fish', context);
  const script = await scriptFor('fish');
  const complete = (line: string) =>
    printed('fish', `${script}\ncomplete -C '${line}' | string split -f1 \\t; true`, '--no-config');
  expect(complete('rotation-monitor s')).toEqual(['simulate', 'status', 'sweep']);
  expect(complete('rotation-monitor drill --s')).toEqual(['--scenario', '--seed']);
  expect(complete('rotation-monitor dashboards ')).toContain('preview');
  expect(complete('rotation-monitor completion z')).toEqual(['zsh']);
});

test('zsh hands the words on to the function of each command', async (context) => {
  needs('zsh', context);
  const script = (await scriptFor('zsh')).replaceAll('compdef', 'true');
  const given = (words: string) =>
    printed(
      'zsh',
      `${script}
words_left=(${words})
_arguments() { state=''; if [[ $1 == -C ]]; then state=rest; line=($words_left[1]); shift words_left; else print -rl -- "$@"; fi }
_rotation_monitor`,
      '-f',
    ).join(' ');
  expect(given('dashboards preview')).toMatch(/--speed\[simulated hours a second/);
  expect(given('completion')).toContain('*:value:(bash zsh fish)');
  expect(given('sweep')).toContain(
    '--fail-on[exit with 1 for findings of this severity or higher; none\\: never]',
  );
});

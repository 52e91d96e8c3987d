import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { MUTANTS, type Mutant } from './mutants/table.ts';

/**
 * Plants one fault after the other into a copy of the repository and runs the tests that must find it. Prints a line
 * for each; ends with 1 when one survives. Words on the command line pick the mutants that hold them all.
 */
function main(): void {
  const { positionals } = parseArgs({ allowPositionals: true });
  const picked = MUTANTS.filter(({ what }) => positionals.every((word) => what.includes(word)));
  const copy = copyOfRepository();
  try {
    const tests = [...new Set(picked.flatMap((mutant) => mutant.tests))];
    const before = failuresIn(copy, tests);
    if (before.length > 0)
      throw new Error(`The tests fail before anything is planted:\n${before.join('\n')}`);
    const survivors = picked.filter((mutant) => !isKilled(copy, mutant));
    console.log(`${picked.length - survivors.length} of ${picked.length} killed`);
    process.exitCode = survivors.length === 0 ? 0 : 1;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Copies the files that are tracked, or will be, and links the packages that are installed here. */
function copyOfRepository(): string {
  const copy = mkdtempSync(join(tmpdir(), 'mutants-'));
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  });
  for (const name of list.split('\0').filter((each) => each !== '')) {
    cpSync(name, join(copy, name), { recursive: true });
  }
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  return copy;
}

function isKilled(copy: string, mutant: Mutant): boolean {
  const path = join(copy, mutant.file);
  const sound = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    mutant.edits.reduce((text, [from, to]) => text.replace(from, () => to), sound),
  );
  const killers = failuresIn(copy, mutant.tests);
  writeFileSync(path, sound);
  const [first] = killers;
  console.log(
    first === undefined
      ? `SURVIVED: ${mutant.what} (${mutant.file})`
      : `killed: ${mutant.what}\n  by ${first}`,
  );
  return first !== undefined;
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** The names of the tests that fail; a file that cannot be loaded proves nothing and is an error. */
function failuresIn(copy: string, tests: readonly string[]): readonly string[] {
  // Where vitest.config.ts has it written.
  const outputFile = join(copy, 'coverage/tests.json');
  const vitest = join(dirname(installed('vitest/package.json')), 'vitest.mjs');
  rmSync(outputFile, { force: true });
  spawnSync(process.execPath, [vitest, 'run', '--maxWorkers=1', ...tests], { cwd: copy });
  const { testResults }: Report = JSON.parse(readFileSync(outputFile, 'utf8'));
  const missing = tests.filter((test) => !testResults.some(({ name }) => name.endsWith(test)));
  if (missing.length > 0) throw new Error(`These test files did not run: ${missing.join(', ')}`);
  for (const { name, message, assertionResults } of testResults) {
    if (assertionResults.length === 0) throw new Error(`${name} cannot be loaded: ${message}`);
  }
  return testResults.flatMap(({ assertionResults }) =>
    assertionResults.flatMap(({ status, fullName }) => (status === 'failed' ? [fullName] : [])),
  );
}

const installed = (name: string): string => resolve('node_modules', name);

main();

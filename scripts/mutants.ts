import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type Fault, MUTANTS, UNTRUTHS } from './mutants/table.ts';
import { toolCommand } from './tools/tool-command.ts';

const command = toolCommand({
  name: 'npm run mutants --',
  does: 'Plants one fault after the other into a copy of the repository, and runs what must find it. Prints a line for each.',
  examples: ['npm run mutants', 'npm run mutants -- revision stored', 'npm run mutants -- --peers'],
  exitCodes: { 0: 'each fault was found', 1: 'one survived' },
})
  .argument('[word...]', 'plants only the faults whose description has all these words')
  .option('--peers', 'plants faults of the simulator, which the software of others must find', false)
  .action(plantAll);

function plantAll(words: readonly string[], { peers }: { readonly peers: boolean }): void {
  const pick = <T extends Fault>(faults: readonly T[]): readonly T[] =>
    faults.filter(({ what }) => words.every((word) => what.includes(word)));
  if (pick<Fault>(peers ? UNTRUTHS : MUTANTS).length === 0)
    command.error(`error: no fault is described with "${words.join('" and "')}"`);
  const copy = copyOfRepository();
  try {
    const isSound = peers
      ? areFound(copy, pick(UNTRUTHS), (faults) =>
          disagreements(copy, unique(faults.map(({ peer }) => peer))),
        )
      : areFound(copy, pick(MUTANTS), (faults) =>
          failuresIn(copy, unique(faults.flatMap(({ tests }) => tests))),
        );
    process.exitCode = isSound ? 0 : 1;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Returns true once each fault is found; what is found before anything is planted is an error. */
function areFound<T extends Fault>(
  copy: string,
  faults: readonly T[],
  find: (faults: readonly T[]) => readonly string[],
): boolean {
  const before = find(faults);
  if (before.length > 0)
    throw new Error(`Something is wrong before anything is planted:\n${before.join('\n')}`);
  const found = faults.filter((fault) => isFound(copy, fault, () => find([fault])));
  console.log(`${found.length} of ${faults.length} killed`);
  return found.length === faults.length;
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

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];

function isFound(copy: string, fault: Fault, find: () => readonly string[]): boolean {
  const path = join(copy, fault.file);
  const sound = readFileSync(path, 'utf8');
  const planted = fault.edits.reduce((text, [from, to]) => text.replace(from, () => to), sound);
  if (planted === sound) throw new Error(`Nothing can be planted in ${fault.file}: ${fault.what}`);
  writeFileSync(path, planted);
  const [first] = find();
  writeFileSync(path, sound);
  console.log(
    first === undefined ? `SURVIVED: ${fault.what} (${fault.file})` : `killed: ${fault.what}\n  by ${first}`,
  );
  return first !== undefined;
}

/** The end of the line before a peer's disagreements, in the output of `npm run peers`. */
const DISAGREES = ' disagrees where nothing explains it:\n';

/** The first disagreement of each peer that disagrees; one that cannot be had proves nothing and is an error. */
const disagreements = (copy: string, peers: readonly string[]): readonly string[] =>
  peers.flatMap((peer) => {
    const words = [installed('tsx/dist/cli.mjs'), 'peers/run.ts', peer];
    const { status, stderr } = spawnSync(process.execPath, words, { cwd: copy, encoding: 'utf8' });
    const [, texts] = stderr.split(DISAGREES);
    if (texts !== undefined) return [`${peer}: ${texts.trim().split('\n')[0]}`];
    if (status !== 0 || stderr.includes(': skipped: ')) throw new Error(`"${peer}" did not run:\n${stderr}`);
    return [];
  });

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

command.parse();

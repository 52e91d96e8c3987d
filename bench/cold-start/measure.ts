import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Runs of each bundle; the middle one counts, so that a busy moment does not. */
const RUNS = 15;

/** Processor time of all threads: what else the machine does is not in it. */
const TIMED = `
  const before = process.cpuUsage();
  await import(process.argv[1]);
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(String((user + system) / 1000));
`;

/** The cost of one handler in one way of bundling. */
export interface Cost {
  /** Middle of the processor times that a fresh process takes to import it, in milliseconds. */
  readonly importMs: number;
  /** Code that this import loads, in bytes. */
  readonly bytes: number;
}

/** The node executable and the environment of a bundle. */
export interface Runtime {
  /** Path of the node executable. */
  readonly node: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Measures bundles in turns: each round runs all of them once, so that a busy minute slows all alike. */
export function measure(bundles: ReadonlyMap<string, string>, runtime: Runtime): ReadonlyMap<string, Cost> {
  const times = new Map([...bundles.keys()].map((name): [string, number[]] => [name, []]));
  for (let round = 0; round < RUNS; round++) {
    for (const [name, path] of bundles) times.get(name)?.push(importTime(path, runtime));
  }
  return new Map(
    [...bundles].map(([name, path]) => [
      name,
      { importMs: middle(times.get(name) ?? []), bytes: loaded(path) },
    ]),
  );
}

function importTime(path: string, { node, environment }: Runtime): number {
  const args = ['--input-type=module', '--eval', TIMED, path];
  return Number(execFileSync(node, args, { env: { ...environment }, encoding: 'utf8' }));
}

const middle = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

/** Bytes of a file and of all that it imports statically from its own folder. */
function loaded(path: string, seen: Set<string> = new Set()): number {
  if (seen.has(path)) return 0;
  seen.add(path);
  const text = readFileSync(path, 'utf8');
  const imported = [...text.matchAll(/(?:from|import)\s*"(\.\/[^"]+)"/g)].map(([, file = '']) =>
    join(path, '..', file),
  );
  return imported.reduce((sum, file) => sum + loaded(file, seen), statSync(path).size);
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { run } from './ground.ts';

/**
 * Words before a program that give it a network without any interface but loopback; undefined where the machine has no
 * network namespaces.
 */
export async function loopbackWords(): Promise<readonly string[] | undefined> {
  const isRoot = process.getuid?.() === 0;
  const [unshare, ...words] = ['unshare', '--net', ...(isRoot ? [] : ['--map-current-user', '--keep-caps'])];
  const prefix = [...words, 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
  const { status } = await run(unshare ?? '', [...prefix, 'true']);
  return status === 0 ? ['unshare', ...prefix] : undefined;
}

/** Runs this program once more with other words, behind the words before it; answers its exit code. */
export async function runAgain(before: readonly string[], words: readonly string[]): Promise<number> {
  const [program = process.execPath, ...rest] = [...before, process.execPath];
  const own = [...process.execArgv, process.argv[1] ?? '', ...words];
  const child = spawn(program, [...rest, ...own], { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'exit');
  return Number(code ?? 1);
}

/** Throws where a network interface besides loopback can be used. */
export function assertLoopbackOnly(): void {
  const others = Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.filter(({ internal }) => !internal).map(({ address }) => address),
  );
  if (others.length > 0) throw new Error(`There is more than loopback here: ${others.join(', ')}`);
}

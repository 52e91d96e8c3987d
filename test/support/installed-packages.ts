import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The `node_modules` of a folder with these packages, installed once by npm and never into the project. Undefined, with
 * the reason printed, where the registry does not have them.
 */
export async function installedPackages(
  folder: string,
  packages: readonly string[],
): Promise<string | undefined> {
  const modules = resolve(folder, 'node_modules');
  if (existsSync(modules)) return modules;
  const unfinished = resolve(`${folder}.${process.pid}`);
  try {
    mkdirSync(unfinished, { recursive: true });
    const args = ['install', '--prefix', unfinished, '--no-save', '--no-package-lock', '--ignore-scripts'];
    await run('npm', [...args, ...packages], { cwd: unfinished });
    mkdirSync(dirname(resolve(folder)), { recursive: true });
    renameSync(unfinished, resolve(folder));
    return modules;
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another process may have been faster.
    if (existsSync(modules)) return modules;
    process.stdout.write(`${packages.join(', ')} cannot be installed (${String(error)})\n`);
    return undefined;
  }
}

/**
 * Folder of what is installed for tests and benches alone. It outlives a run, unlike the temporary folder of the tests,
 * and is below no `node_modules`, where jest finds no test.
 */
export const INSTALLED: string = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'secret-rotation-monitor',
  'installed',
);

/** Path of an executable of Node.js as npm packages carry it for each platform; undefined where they do not. */
export async function nodeOf(version: string): Promise<string | undefined> {
  const name = `node-${process.platform}-${process.arch}`;
  const modules = await installedPackages(join(INSTALLED, `${name}-${version}`), [`${name}@${version}`]);
  return modules === undefined ? undefined : join(modules, name, 'bin', 'node');
}

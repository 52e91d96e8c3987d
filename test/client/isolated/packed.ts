import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Packages that an application has installed beside this one; linked from this repository. */
const PEERS = ['@aws-sdk/client-secrets-manager', 'mysql2', 'pg', '@types/pg', '@types/node', 'undici-types'];

/** The package as npm packs it. */
export interface Packed {
  readonly tarball: string;
  /** A project with nothing but the package and its peers. */
  readonly folder: string;
  /** Adds the package and its peers to another project. */
  addTo(project: string): Promise<void>;
}

/** Builds and packs the package, and installs it into an empty project. */
export async function packed(): Promise<Packed> {
  const folder = await mkdtemp(join(tmpdir(), 'client-packed-'));
  await run('npm', ['run', 'build'], { cwd: 'client' });
  const args = ['pack', '--ignore-scripts', '--pack-destination', folder];
  const { stdout } = await run('npm', args, { cwd: 'client' });
  const tarball = join(folder, stdout.trim());
  const installed = join(folder, 'node_modules', 'secret-rotation-client');
  await mkdir(installed, { recursive: true });
  await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed]);
  const addTo = async (project: string) => {
    const modules = join(project, 'node_modules');
    for (const peer of PEERS) {
      await mkdir(dirname(join(modules, peer)), { recursive: true });
      await symlink(resolve('node_modules', peer), join(modules, peer));
    }
    const target = join(modules, 'secret-rotation-client');
    if (target !== installed) await cp(installed, target, { recursive: true });
  };
  await addTo(folder);
  return { tarball, folder, addTo };
}

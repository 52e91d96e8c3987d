import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The Node.js of the runtime that is deployed, `nodejs24.x`, as npm packages carry it for each platform. */
const VERSION = '24.21.0';

/**
 * Path of the executable of the deployed runtime's Node.js: installed once into the temporary folder, never into the
 * project. Undefined, with the reason printed, where the registry does not have it for this platform.
 */
export function deployedNode(): string | undefined {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(tmpdir(), `${name}-${VERSION}`);
  const node = join(folder, 'node_modules', name, 'bin', 'node');
  try {
    if (!existsSync(node)) {
      const args = ['install', '--prefix', folder, '--no-save', '--no-package-lock', `${name}@${VERSION}`];
      execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    }
    return node;
  } catch (error) {
    console.log(`Node ${VERSION} is not measured: ${name} cannot be installed (${String(error)})`);
    return;
  }
}

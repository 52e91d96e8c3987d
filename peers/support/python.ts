import { join } from 'node:path';
import { type Ground, install } from './ground.ts';

/**
 * Folder of the programs of a virtual environment with these packages from PyPI, such as `boto3==1.44.8`.
 * What a package never imports is not compiled: some have gigabytes of it.
 */
export async function pythonWith(ground: Ground, packages: readonly string[]): Promise<string> {
  const name = packages.join('+').replaceAll(/[^\w.+-]/g, '_');
  const folder = await ground.installed(`python-${name}`, async (path) => {
    ground.tell(`Installing ${packages.join(', ')} from PyPI…`);
    await install('python3', ['-m', 'venv', path]);
    await install(join(path, 'bin', 'pip'), ['install', '--quiet', '--no-compile', ...packages]);
  });
  return join(folder, 'bin');
}

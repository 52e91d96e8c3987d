import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Ground, install, programPath } from './ground.ts';

/** A Go program beside the peers and the modules that it imports, such as `example.com/module@v1.2.3`. */
export interface GoProgram {
  /** File in `peers/programs`. */
  readonly file: string;
  readonly modules: readonly string[];
}

/** Path of the program, built with its modules from the Go proxy. */
export async function goProgram(ground: Ground, { file, modules }: GoProgram): Promise<string> {
  const name = [file, ...modules].join('+').replaceAll(/[^\w.+-]/g, '_');
  const folder = await ground.installed(`go-${name}`, async (path) => {
    ground.tell(`Building ${file} with modules from the Go proxy…`);
    const requires = modules.map((module) => `require ${module.replace('@', ' ')}\n`).join('');
    await writeFile(join(path, 'go.mod'), `module peers\n\ngo 1.24\n\n${requires}`);
    await copyFile(programPath(file), join(path, 'main.go'));
    await install('go', ['build', '-mod=mod', '-o', 'program', 'main.go'], { cwd: path });
  });
  return join(folder, 'program');
}

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { type Ground, install, run, Unavailable } from './ground.ts';

/** A program that is built inside its own module, whose directives no other module may follow. */
export interface GoSource {
  /** Module with its version, such as `example.com/module@v1.2.3`. */
  readonly module: string;
  /** Package of the program within the module, such as `./cmd/program`. */
  readonly main: string;
  /** Name of the file that is built. */
  readonly program: string;
  /** Changes the sources before they are built. */
  readonly change?: (folder: string) => Promise<void>;
}

const downloaded = z.object({ Dir: z.string() });

/** The folder of the program, built from the sources of its module. */
export function goSource(ground: Ground, { module, main, program, change }: GoSource): Promise<string> {
  const name = `go-${program}-${module.split('@').at(-1)}`;
  return ground.installed(name, async (path) => {
    ground.tell(`Building ${program} from the Go proxy, which takes minutes…`);
    const source = join(path, 'source');
    const { status, stdout } = await run('go', ['mod', 'download', '-json', module]);
    if (status !== 0) throw new Unavailable(`The Go proxy has no ${module}`);
    const { Dir } = downloaded.parse(JSON.parse(stdout));
    // Files of the module cache are read-only, and nothing there may be replaced.
    await install('cp', ['-r', '--no-preserve=mode', Dir, source]);
    await change?.(source);
    await install('go', ['build', '-ldflags=-s -w', '-o', join(path, program), main], { cwd: source });
    await install('rm', ['-r', source]);
  });
}

/** Keeps the lines of a file that are wanted. */
export async function keepText(path: string, kept: (text: string) => string): Promise<void> {
  await writeFile(path, kept(await readFile(path, 'utf8')));
}

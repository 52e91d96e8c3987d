import { readdirSync, rmSync } from 'node:fs';
import { type BuildOptions, build, type Metafile } from 'esbuild';

const HANDLERS = 'src/monitor/handlers';

/**
 * Options by which a Lambda function starts fast: ES modules, of which one function loads only its own chunks, and the
 * smaller builds of packages. Nothing is left to the runtime: its packages load slower, and change without notice.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-package.html
 */
export const BUNDLING: BuildOptions = {
  bundle: true,
  format: 'esm',
  splitting: true,
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  sourcemap: 'linked',
  sourcesContent: false,
  outExtension: { '.js': '.mjs' },
  logLevel: 'warning',
};

/** Names of all handlers: files in `src/monitor/handlers/`, entries of the bundle, functions of the deployment. */
export const handlerNames = (): readonly string[] =>
  readdirSync(HANDLERS).map((file) => file.replace(/\.ts$/, ''));

/**
 * Handlers that do much alike share their chunks. All fifteen in one bundle would be cut into so many chunks that a start
 * loads dozens of small files, and what any of them uses of a module all would load; each for itself, the SDK would be in
 * the package fifteen times. A handler that is not named here is alone.
 */
const FAMILIES: readonly (readonly string[])[] = [
  ['check-secret', 'on-label-updated', 'on-rotation-event', 'sweep', 'sweep-target'],
  ['deliver', 'notify-slack'],
  ['acknowledge', 'keep-exception', 'read-memory', 'record-repair'],
  ['canary-rotation', 'canary-tick'],
];

/** Bundles all handlers into one folder, emptied before: the code of every function. Answers what is in it. */
export async function buildHandlers(folder: string): Promise<readonly Metafile[]> {
  rmSync(folder, { recursive: true, force: true });
  const named = new Set(FAMILIES.flat());
  const alone = handlerNames().filter((name) => !named.has(name));
  const built: Metafile[] = [];
  for (const family of [...FAMILIES, ...alone.map((name) => [name])]) {
    const { metafile } = await build({
      ...BUNDLING,
      entryPoints: family.map((name) => `${HANDLERS}/${name}.ts`),
      outdir: folder,
      metafile: true,
    });
    built.push(metafile);
  }
  return built;
}

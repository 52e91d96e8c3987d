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

/** Bundles all handlers into one folder, emptied before: the code of every function. Answers what is in it. */
export async function buildHandlers(folder: string): Promise<Metafile> {
  rmSync(folder, { recursive: true, force: true });
  const { metafile } = await build({
    ...BUNDLING,
    entryPoints: handlerNames().map((name) => `${HANDLERS}/${name}.ts`),
    outdir: folder,
    metafile: true,
  });
  return metafile;
}

import { copyFileSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { build } from 'esbuild';
import type { Plugin } from 'vitest/config';

/** Folders of which tests load built modules. */
const SOURCES = ['src', 'client/src'];
const PREFIX = 'rotation-monitor-sources-';

/** Paths of built modules, which Node.js loads by itself. */
export const BUILT: RegExp = new RegExp(`${sep}${PREFIX}`);

/**
 * Builds the sources once for a run of the tests, so that Node.js loads them itself. Modules that Vitest loads look up
 * what they import at each use, which takes a fifth of the processor time of the tests. Watching tests and those that
 * measure coverage load the sources themselves.
 */
export function builtSources(): Plugin {
  let isOn = true;
  let building: Promise<string> | undefined;
  return {
    name: 'built-sources',
    enforce: 'pre',
    configureVitest: ({ vitest: { config } }) => {
      isOn = !config.watch && !config.coverage.enabled;
    },
    resolveId: async (id, importer) => {
      if (!isOn || importer === undefined || !id.startsWith('.') || !id.endsWith('.ts')) return undefined;
      const path = resolve(dirname(importer), id);
      const source = SOURCES.find((each) => path.startsWith(resolve(each) + sep));
      if (source === undefined) return undefined;
      building ??= buildSources();
      return join(await building, path.slice(resolve().length).replace(/\.ts$/, '.js'));
    },
  };
}

/** Builds all modules into a folder that looks like the repository; it is removed when the process ends. */
async function buildSources(): Promise<string> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), PREFIX)));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  copyFileSync('package.json', join(folder, 'package.json'));
  for (const name of ['node_modules', 'dashboards', 'infra']) symlinkSync(resolve(name), join(folder, name));
  await build({
    entryPoints: SOURCES.flatMap(modulesOf),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Packages stay where they are: tests load the same ones.
    packages: 'external',
    sourcemap: 'linked',
    sourcesContent: false,
    outdir: folder,
    outbase: '.',
    chunkNames: 'chunks/of/sources/[name]-[hash]',
    logLevel: 'warning',
  });
  return folder;
}

const modulesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .map((path) => join(folder, path));

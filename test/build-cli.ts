import { copyFileSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { TestProject } from 'vitest/node';
import { BUNDLING } from '../scripts/bundle/build-handlers.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the command line, built once for a run of the tests: from its sources each start takes seconds. */
    readonly cli: string;
  }
}

/** Builds the command line into a folder that looks like the installed package; it is removed after the tests. */
export async function setup({ provide }: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'rotation-monitor-cli-'));
  copyFileSync('package.json', join(folder, 'package.json'));
  for (const name of ['node_modules', 'dashboards']) symlinkSync(resolve(name), join(folder, name));
  const banner =
    "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);";
  await build({
    ...BUNDLING,
    sourcemap: false,
    entryPoints: { 'cli/main': 'src/cli/main.ts' },
    // As deep as the sources: what is found beside them is found beside the package's.
    chunkNames: 'chunks/of/[name]-[hash]',
    outExtension: {},
    banner: { js: banner },
    outdir: join(folder, 'dist/src'),
  });
  symlinkSync(resolve('infra/templates'), join(folder, 'dist/templates'));
  provide('cli', join(folder, 'dist/src/cli/main.js'));
  return () => rmSync(folder, { recursive: true, force: true });
}

import { rmSync } from 'node:fs';
import { build } from 'esbuild';
import { BUNDLING } from './build-handlers.ts';

/** By engine: the module of the client, by its path, and what makes a handler of it. */
const FUNCTIONS = { mysql: 'mysqlRotation', postgres: 'postgresRotation' } as const;

/** Bundles the rotation functions of the client into one folder, emptied before, one file for each engine. */
export async function buildRotationFunctions(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  for (const [engine, make] of Object.entries(FUNCTIONS))
    await build({
      ...BUNDLING,
      // Both drivers are CommonJS and load modules of Node when they are first needed.
      banner: {
        js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
      },
      splitting: false,
      external: ['pg-native'],
      stdin: { contents: entry(engine, make), resolveDir: '.', loader: 'ts' },
      outfile: `${folder}/${engine}.mjs`,
    });
}

const entry = (engine: string, make: string): string => `
  import { ${make} } from './client/src/rotation/${engine}.ts';
  export const handler = ${make}({
    strategy: process.env.ROTATION_STRATEGY as 'single-user' | 'alternating-users' | undefined,
    retainCurrentPassword: process.env.ROTATION_RETAIN_CURRENT_PASSWORD === 'true',
  }).handle;
`;

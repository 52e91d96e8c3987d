import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { build } from 'esbuild';
import { publint } from 'publint';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
/** What an application has installed beside the package; linked from this repository. */
const PEERS = ['@aws-sdk/client-secrets-manager', 'mysql2', 'pg', '@types/pg', '@types/node', 'undici-types'];
const SUBPATHS = [
  '',
  '/agent',
  '/agent-server',
  '/invalidation',
  '/mysql2',
  '/pg',
  '/rotation',
  '/rotation/mysql',
  '/rotation/postgres',
  '/testing',
].map((path) => `secret-rotation-client${path}`);

let folder: string;
let tarball: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'client-packed-'));
  await run('npm', ['run', 'build'], { cwd: 'client' });
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
    cwd: 'client',
  });
  tarball = join(folder, stdout.trim());
  const installed = join(folder, 'node_modules', 'secret-rotation-client');
  await mkdir(installed, { recursive: true });
  await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed]);
  for (const peer of PEERS) {
    await mkdir(dirname(join(folder, 'node_modules', peer)), { recursive: true });
    await symlink(resolve('node_modules', peer), join(folder, 'node_modules', peer));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a file of the empty project. */
async function runFile(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  const { stdout } = await run(process.execPath, [name], { cwd: folder });
  return stdout.trim();
}

test('the package holds what it needs and no more than 80 kB', async () => {
  expect((await readFile(tarball)).length).toBeLessThanOrEqual(80_000);
  const installed = join(folder, 'node_modules', 'secret-rotation-client');
  expect((await readdir(installed)).sort()).toEqual(['README.md', 'dist', 'package.json']);
  const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as {
    dependencies?: object;
    peerDependenciesMeta: Record<string, object>;
    peerDependencies: Record<string, string>;
  };
  expect(manifest.dependencies).toBeUndefined();
  const required = Object.keys(manifest.peerDependencies).filter(
    (name) => !(name in manifest.peerDependenciesMeta),
  );
  expect(required).toEqual(['@aws-sdk/client-secrets-manager']);
});

test('publint has nothing to say', async () => {
  const { messages } = await publint({ pkgDir: join(folder, 'node_modules', 'secret-rotation-client') });
  expect(messages).toEqual([]);
});

test('types are right for every way to import but that of Node 10, which knows no subpaths', async () => {
  const found = await checkPackage(createPackageFromTarballData(new Uint8Array(await readFile(tarball))));
  const problems = found.types === false ? ['no types'] : found.problems;
  const others = problems.filter(
    (problem) =>
      typeof problem === 'string' || !('resolutionKind' in problem) || problem.resolutionKind !== 'node10',
  );
  expect(others).toEqual([]);
});

test('it loads from ESM and from CommonJS, and both share what is single in a process', async () => {
  const names = SUBPATHS.map((path) => `'${path}'`).join(', ');
  const esm = `for (const path of [${names}]) console.log(Object.keys(await import(path)).length > 0);`;
  expect(await runFile('esm.mjs', esm)).toBe(SUBPATHS.map(() => 'true').join('\n'));
  const cjs = `for (const path of [${names}]) console.log(Object.keys(require(path)).length > 0);`;
  expect(await runFile('cjs.cjs', cjs)).toBe(SUBPATHS.map(() => 'true').join('\n'));
  const both = `import { createRequire } from 'node:module';
    import { secretsManagerClient } from 'secret-rotation-client';
    const other = createRequire(import.meta.url)('secret-rotation-client');
    console.log((await secretsManagerClient()) === (await other.secretsManagerClient()));`;
  expect(await runFile('both.mjs', both)).toBe('true');
});

test('importing it loads no SDK and no driver', async () => {
  const text = `require('secret-rotation-client');
    console.log(Object.keys(require.cache).filter((file) => /aws-sdk|smithy|mysql2|node_modules.pg/.test(file)).length);`;
  expect(await runFile('lazy.cjs', text)).toBe('0');
});

test('it compiles under NodeNext in a module and in CommonJS, strictly', async () => {
  const text = `import { SecretCache, withCredentials } from 'secret-rotation-client';
    import { rotatingPool as mysqlPool } from 'secret-rotation-client/mysql2';
    import { rotatingPool as pgPool } from 'secret-rotation-client/pg';
    const cache = new SecretCache({ ttlMs: 1 });
    export const wait: Promise<string> = withCredentials('a', ({ password }) => password, { cache });
    export const pools = [mysqlPool('a', { connectionLimit: 1 }).promise(), pgPool('a', { max: 1 })];`;
  const files = ['strict.mts', 'strict.cts'].map((name) => join(folder, name));
  for (const file of files) await writeFile(file, text);
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
    types: ['node'],
    typeRoots: [join(folder, 'node_modules/@types')],
  });
  const messages = ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  expect(messages).toEqual([]);
});

test('a bundler takes it apart: the cache alone brings no driver', async () => {
  const entry = join(folder, 'bundle.mjs');
  await writeFile(
    entry,
    "import { SecretCache } from 'secret-rotation-client';\nconsole.log(new SecretCache().stats().hits);\n",
  );
  const outfile = join(folder, 'bundled.mjs');
  const { metafile } = await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['@aws-sdk/*'],
    metafile: true,
  });
  expect(Object.keys(metafile.inputs).filter((file) => /mysql2|[/]pg[/]/.test(file))).toEqual([]);
  await cp(outfile, join(folder, 'alone.mjs'));
  expect((await run(process.execPath, ['alone.mjs'], { cwd: folder })).stdout.trim()).toBe('0');
});

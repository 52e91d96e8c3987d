import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { build } from 'esbuild';
import { publint } from 'publint';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { INSTALLED, installedPackages, nodeOf } from '../../support/installed-packages.ts';
import { type Packed, packed } from './packed.ts';

const run = promisify(execFile);
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

const OTHER_NODES = ['22.23.3', '24.21.0'];

let folder: string;
let tarball: string;
let addTo: Packed['addTo'];
/** Executables of other versions of Node.js, and the `node_modules` with Nest; undefined where they cannot be installed. */
let nodes: ReadonlyMap<string, Promise<string | undefined>>;
let nest: Promise<string | undefined>;

beforeAll(async () => {
  // What has to be downloaded comes while the package is built.
  nodes = new Map(OTHER_NODES.map((version) => [version, nodeOf(version)]));
  nest = installedPackages(join(INSTALLED, 'client-nest-11'), NEST_PACKAGES);
  ({ folder, tarball, addTo } = await packed());
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a file of the empty project. */
async function runFile(name: string, text: string, node = process.execPath): Promise<string> {
  await writeFile(join(folder, name), text);
  const { stdout } = await run(node, [name], { cwd: folder });
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
  const { messages } = await publint({
    pkgDir: join(folder, 'node_modules', 'secret-rotation-client'),
    // The folder holds what npm has packed.
    pack: false,
  });
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
  const text = `import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);
    const isFull = (loaded) => Object.keys(loaded).length > 0;
    const { secretsManagerClient } = await import('secret-rotation-client');
    const other = require('secret-rotation-client');
    const esm = [];
    for (const path of ${JSON.stringify(SUBPATHS)}) esm.push(isFull(await import(path)));
    const cjs = ${JSON.stringify(SUBPATHS)}.map((path) => isFull(require(path)));
    const isShared = (await secretsManagerClient()) === (await other.secretsManagerClient());
    console.log(JSON.stringify({ esm, cjs, isShared }));`;
  const loaded = SUBPATHS.map(() => true);
  expect(JSON.parse(await runFile('ways.mjs', text))).toEqual({ esm: loaded, cjs: loaded, isShared: true });
});

test('importing it loads no SDK and no driver', async () => {
  const text = `require('secret-rotation-client');
    console.log(Object.keys(require.cache).filter((file) => /aws-sdk|smithy|mysql2|node_modules.pg/.test(file)).length);`;
  expect(await runFile('lazy.cjs', text)).toBe('0');
});

/** Uses the package as applications do. */
const USING = `import { SecretCache, withCredentials } from 'secret-rotation-client';
  import { rotatingPool as mysqlPool } from 'secret-rotation-client/mysql2';
  import { rotatingPool as pgPool } from 'secret-rotation-client/pg';
  const cache = new SecretCache({ ttlMs: 1 });
  export const wait: Promise<string> = withCredentials('a', ({ password }) => password, { cache });
  export const pools = [mysqlPool('a', { connectionLimit: 1 }).promise(), pgPool('a', { max: 1 })];`;

/** Files of an application: two that use the package, and one that takes all of its declarations. */
const SOURCES = {
  'strict.mts': USING,
  'strict.cts': USING,
  'declared.mts': SUBPATHS.map((path) => `export type {} from '${path}';`).join('\n'),
};

/** The one program of all sources: types of libraries are read once. */
let program: ts.Program;
beforeAll(async () => {
  for (const [name, text] of Object.entries(SOURCES)) await writeFile(join(folder, name), text);
  program = ts.createProgram(
    Object.keys(SOURCES).map((name) => join(folder, name)),
    {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
      types: ['node'],
      typeRoots: [join(folder, 'node_modules/@types')],
    },
  );
});

/** Faults that the compiler finds in some of the program's files. */
const faultsIn = (files: readonly ts.SourceFile[]): readonly string[] =>
  files
    .flatMap((one) => [...program.getSyntacticDiagnostics(one), ...program.getSemanticDiagnostics(one)])
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));

test('it compiles under NodeNext in a module and in CommonJS, strictly', () => {
  const own = program.getSourceFiles().filter(({ fileName }) => /strict\.[mc]ts$/.test(fileName));
  expect(own).toHaveLength(2);
  expect(program.getConfigFileParsingDiagnostics()).toEqual([]);
  expect(program.getOptionsDiagnostics()).toEqual([]);
  expect(program.getGlobalDiagnostics()).toEqual([]);
  expect(faultsIn(own)).toEqual([]);
});

test('its own declarations are right where a project checks those of libraries', () => {
  const declared = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.includes('secret-rotation-client/dist'));
  expect(declared.length).toBeGreaterThan(30);
  // Optional peers that are not installed here.
  const missing = /^Cannot find module '@aws-sdk\/client-(sqs|sns|dynamodb)'/;
  expect(faultsIn(declared).filter((message) => !missing.test(message))).toEqual([]);
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

/** Reads through the cache, fails, and rotates, all of it in memory; then loads a part as CommonJS. */
const PROGRAM = `import { createRequire } from 'node:module';
  import { inspect } from 'node:util';
  import { SecretCache, withCredentials } from 'secret-rotation-client';
  import { RotationHandler } from 'secret-rotation-client/rotation';
  import { rehearse } from 'secret-rotation-client/testing';
  const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:a-AbCdEf';
  const read = async ({ versionStage = 'AWSCURRENT' }) => ({
    ARN, Name: 'a', VersionId: versionStage, VersionStages: [versionStage],
    SecretString: JSON.stringify({ username: 'app', password: versionStage }),
  });
  await using cache = new SecretCache({ source: { read } });
  const used = await withCredentials('a', ({ password }) => {
    if (password !== 'AWSPENDING') throw { status: 401 };
    return password;
  }, { cache });
  let accepted = 'first-token';
  class Token extends RotationHandler {
    newValue = async () => JSON.stringify({ token: 'token-' + Math.random() });
    set = async ({ current, pending }) => {
      if (![current, pending].some((value) => value.json().token === accepted)) throw new Error('refused');
      accepted = pending.json().token;
    };
    test = async ({ pending }) => {
      if (pending.json().token !== accepted) throw new Error('refused');
    };
  }
  const { broken } = await rehearse({
    handler: (client, log) => new Token({ client, log }).handle,
    secret: { token: accepted },
    secretKeys: ['token'],
    database: { reset: async () => void (accepted = 'first-token'), accepts: async ({ token }) => token === accepted },
  });
  const { rotatingPool } = createRequire(import.meta.url)('secret-rotation-client/mysql2');
  console.log(used, inspect(await cache.get('a')).includes('redacted'), broken.length);
  console.log(typeof rotatingPool, process.version);`;

test('importing it and the SDK costs little more processor time than the SDK alone', async () => {
  // One process measures both, so that a slow moment of the machine is in both.
  const text = `const cost = async (name) => {
      const before = process.cpuUsage();
      await import(name);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const client = await cost('secret-rotation-client');
    console.log(client / (await cost('@aws-sdk/client-secrets-manager')));`;
  await writeFile(join(folder, 'time.mjs'), text);
  const shares: number[] = [];
  for (let round = 0; round < 3; round++) {
    const { stdout } = await run(process.execPath, ['time.mjs'], { cwd: folder });
    shares.push(Number(stdout));
  }
  expect(shares.sort((a, b) => a - b)[1]).toBeLessThanOrEqual(0.3);
});

/** A Nest application with its tests, as its generator makes them. */
const NEST = {
  'package.json': JSON.stringify({
    jest: { preset: 'ts-jest', testEnvironment: 'node', testRegex: 'spec.ts$' },
  }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      module: 'nodenext',
      moduleResolution: 'nodenext',
      target: 'es2023',
      strict: true,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      esModuleInterop: true,
      skipLibCheck: true,
      isolatedModules: true,
      types: ['jest', 'node'],
    },
  }),
  'orders.spec.ts': `import 'reflect-metadata';
    import { Inject, Injectable, Module } from '@nestjs/common';
    import { Test } from '@nestjs/testing';
    import { SecretCache, type SecretSource } from 'secret-rotation-client';
    import { rotatingPool } from 'secret-rotation-client/pg';
    const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:a-AbCdEf';
    const source: SecretSource = {
      read: async () => ({ ARN, Name: 'a', VersionId: '1', VersionStages: ['AWSCURRENT'], SecretString: '{}' }),
    };
    @Injectable()
    class Orders {
      constructor(@Inject(SecretCache) private readonly cache: SecretCache) {}
      secret = async () => (await this.cache.get('a')).Name;
    }
    @Module({ providers: [Orders, { provide: SecretCache, useFactory: () => new SecretCache({ source }) }] })
    class App {}
    test('a service reads its secret', async () => {
      const app = await Test.createTestingModule({ imports: [App] }).compile();
      expect(await app.get(Orders).secret()).toBe('a');
      expect(typeof rotatingPool).toBe('function');
      await app.close();
    });`,
};

const NEST_PACKAGES = [
  ...['@nestjs/common@11.1.9', '@nestjs/core@11.1.9', '@nestjs/testing@11.1.9', 'reflect-metadata@0.2.2'],
  ...['rxjs@7.8.2', 'jest@30.2.0', 'ts-jest@29.4.15', 'typescript@5.9.3', '@types/jest@30.0.0'],
];

// In parallel: a rehearsal mostly waits.
test.concurrent.for([process.versions.node, ...OTHER_NODES])(
  'it works on Node %s',
  async (version, context) => {
    const node = version === process.versions.node ? process.execPath : await nodes.get(version);
    if (node === undefined) return context.skip(`Node ${version} cannot be installed here`);
    // The lowest version knows no "await using".
    const program = version.startsWith('24') ? PROGRAM : PROGRAM.replace('await using', 'const');
    const printed = await runFile(`works-${version}.mjs`, program, node);
    expect(printed).toBe(`AWSPENDING true 0\nfunction v${version}`);
  },
);

test.concurrent('it loads in a Nest application whose tests run by ts-jest', async (context) => {
  const modules = await nest;
  if (modules === undefined) return context.skip('Nest and ts-jest cannot be installed here');
  const project = await mkdtemp(join(dirname(modules), 'application-'));
  context.onTestFinished(() => rm(project, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(NEST)) await writeFile(join(project, name), text);
  await addTo(project);
  const jest = join(modules, 'jest', 'bin', 'jest.js');
  const { stderr } = await run(process.execPath, [jest, '--ci'], { cwd: project });
  expect(stderr).toContain('1 passed');
});

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import ts from 'typescript';

/** The files behind the subpaths of the package, and its command. */
const { exports: subpaths, bin } = JSON.parse(readFileSync('package.json', 'utf8'));
const built = [...Object.values(subpaths).map((target) => target.import?.default), ...Object.values(bin)];
const entries = built
  .filter((file) => file !== undefined)
  .map((file) => file.replace('./dist/esm/', 'src/').replace(/\.js$/, '.ts'));

rmSync('dist', { recursive: true, force: true });
const compiler = '../node_modules/typescript-native/bin/tsc';
execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
dropUnreachable('dist/esm');
stripInternalComments('dist/esm');
cpSync('dist/esm', 'dist/cjs', { recursive: true });
writeFileSync('dist/cjs/package.json', '{ "type": "commonjs" }\n');

const common = { platform: 'node', target: 'node20', logLevel: 'warning' };
// The parser of TOML is no dependency: it is taken in. What the application installs is not.
const external = ['@aws-sdk/*', 'mysql2', 'pg'];
await build({
  ...common,
  minify: true,
  entryPoints: entries,
  bundle: true,
  splitting: true,
  format: 'esm',
  external,
  outbase: 'src',
  outdir: 'dist/esm',
  legalComments: 'eof',
});
// CommonJS is the same modules once more, so that classes are single there too.
await build({
  ...common,
  minifyWhitespace: true,
  entryPoints: filesIn('dist/esm', '.js'),
  format: 'cjs',
  outbase: 'dist/esm',
  outdir: 'dist/cjs',
});

// A command is started, never imported.
for (const file of ['cjs/cli.js', 'cjs/cli.d.ts', 'esm/cli.d.ts'])
  rmSync(join('dist', file), { force: true });

function filesIn(folder, ending) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}

/** Declarations that no declaration of a subpath leads to are nobody's. */
function dropUnreachable(folder) {
  const reached = new Set();
  const visit = (file) => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const { fileName } of ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles)
      if (fileName.startsWith('.')) visit(join(dirname(file), fileName.replace(/\.[jt]s$/, '.d.ts')));
  };
  for (const entry of entries) visit(join(folder, entry.replace(/^src\//, '').replace(/\.ts$/, '.d.ts')));
  for (const file of filesIn(folder, '.d.ts')) if (!reached.has(file)) rmSync(file);
}

/** Editors show the comments of what is exported; those of the files behind it nobody can see. */
function stripInternalComments(folder) {
  mkdirSync(folder, { recursive: true });
  const shown = new Set(entries.flatMap(exportedFrom));
  const printer = ts.createPrinter({ removeComments: true });
  for (const file of filesIn(folder, '.d.ts')) {
    if (shown.has(relative(folder, file).replace(/\.d\.ts$/, ''))) continue;
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
    writeFileSync(file, printer.printFile(source));
  }
}

/** The entry itself and the files from which it exports, without ending. */
function exportedFrom(entry) {
  const names = [...readFileSync(entry, 'utf8').matchAll(/^(?:export|\}) .*?from '(\.[^']+)';$/gm)];
  const folder = join(entry, '..');
  return [entry, ...names.map(([, path]) => join(folder, path))].map((file) =>
    relative('src', file).replace(/\.ts$/, ''),
  );
}

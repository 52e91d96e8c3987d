import { dirname } from 'node:path';
import { folderCycles } from './measure/folder-cycles.ts';
import { type MeasuredFile, measuredFiles } from './measure/import-graph.ts';
import { toolCommand } from './tools/tool-command.ts';

/**
 * Files whose imports are lists: registers, compositions, commands and whatever names one thing a line. In the simulator
 * these are the account, which is made of its services, and each service, which is made of its operations and named like
 * its folder; in the court, in the doctor and on the dashboards, what lists the checks, the alarms and the boards.
 */
const LISTS: readonly RegExp[] = [
  /(^|\/)(register|pages|sections|function-specs|program)\.ts$/,
  /(^|\/)compose(-[a-z-]+)?\.ts$|\/compose\/|\/cli\/commands\/|\/handlers\//,
  /\/simulator\/account\.ts$|\/simulator\/(?:.*\/)?([a-z0-9-]+)\/(?:\1|event-bridge)\.ts$/,
  /(^|\/)(judge-run|checks|alarm-definitions|dashboard-bodies|deploy-template|failure-mode-table)\.ts$|\/dashboards\/service\.ts$/,
];

/** Most files of a folder. */
const MAX_FILES = 20;

const command = toolCommand({
  name: 'npm run measure --',
  does: 'Measures how finely the sources of a checkout are cut: files, functions and who imports them.',
  examples: ['npm run measure', 'npm run measure -- ../before --list'],
  exitCodes: { 0: 'the measures are printed' },
})
  .argument('[checkout]', 'folder of the checkout', '.')
  .option('--list', 'names the files with a single importer')
  .parse();
const [root = '.'] = command.processedArgs;
const files = measuredFiles(root, ['src', 'infra']);

const importers = new Map<string, string[]>();
for (const { path, imports } of files)
  for (const target of imports) importers.set(target, [...(importers.get(target) ?? []), path]);

const single = files.filter(({ path }) => {
  const [only, ...others] = importers.get(path) ?? [];
  return only !== undefined && others.length === 0 && !LISTS.some((list) => list.test(only));
});
const small = single.filter(
  ({ path, lines }) => lines < 25 && dirname(importers.get(path)?.[0] ?? '') === dirname(path),
);

const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

const perFolder = new Map<string, MeasuredFile[]>();
for (const file of files)
  perFolder.set(dirname(file.path), [...(perFolder.get(dirname(file.path)) ?? []), file]);
/** Folders whose files a register lists may be as long as the register. */
const crowded = [...perFolder].filter(
  ([folder, members]) =>
    members.length > MAX_FILES && !members.some(({ path }) => path === `${folder}/register.ts`),
);
const cycles = folderCycles(files);

const rows: readonly (readonly [string, string | number])[] = [
  ['files', files.length],
  ['lines', files.reduce((sum, { lines }) => sum + lines, 0)],
  [
    'median lines of a file',
    quantile(
      files.map(({ lines }) => lines),
      0.5,
    ),
  ],
  ['longest file', Math.max(...files.map(({ lines }) => lines))],
  [
    'p95 lines of a function',
    quantile(
      files.flatMap(({ functionLines }) => functionLines),
      0.95,
    ),
  ],
  ['files with a single importer', single.length],
  ['… of under 25 lines beside it', small.length],
  [
    `folders with more than ${MAX_FILES} files`,
    crowded.map(([name, all]) => `${name} ${all.length}`).join(', ') || 0,
  ],
  ['circles of folders', cycles.map((circle) => circle.join(' ')).join('; ') || 0],
  ['any', files.reduce((sum, { anys }) => sum + anys, 0)],
];
for (const [name, value] of rows) console.log(`${name.padEnd(34)} ${value}`);
if (command.opts()['list'])
  for (const { path, lines } of single)
    console.log(`single importer: ${path} ${lines} < ${importers.get(path)?.[0]}`);

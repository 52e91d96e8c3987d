import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, format, type IModule } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { folderCycles, type ImportingFile } from './measure/folder-cycles.ts';
import { toolCommand } from './tools/tool-command.ts';

/** Sources of some folders, from the root of the checkout. */
const sourcesIn = (folders: readonly string[]): readonly string[] =>
  folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );

/** Sources that are deployed, in the words of the search for circles. */
const deployed = (modules: readonly IModule[]): readonly ImportingFile[] =>
  modules
    .filter(({ source }) => /^(src|infra)\//.test(source))
    .map(({ source, dependencies }) => ({
      path: source,
      imports: dependencies.map(({ resolved }) => resolved),
    }));

const { args: folders } = toolCommand({
  name: 'npm run check:layers --',
  does: 'Finds imports that the layers do not allow, and folders that import each other in circles.',
  examples: ['npm run check:layers'],
  exitCodes: { 0: 'there are none', 1: 'there is one' },
})
  .argument('<folder...>', 'folders of sources')
  .parse();
const options = await extractDepcruiseOptions('./.dependency-cruiser.js');
const tsConfig = extractTSConfig('tsconfig.json');
const { output } = await cruise(folders, options, undefined, { tsConfig });
if (typeof output === 'string') throw new Error(`dependency-cruiser says no modules, but: ${output}`);
const { output: report, exitCode } = await format(output, { outputType: 'err' });
console.log(report);

// "No violations" means something only where every source was cruised.
const cruised = new Set(output.modules.map(({ source }) => source));
const faults = [
  ...sourcesIn(folders)
    .filter((path) => !cruised.has(path))
    .map((path) => `Not cruised: ${path}`),
  ...folderCycles(deployed(output.modules)).map(
    (circle) => `Folders that import each other in a circle: ${circle.join(', ')}`,
  ),
];
for (const fault of faults) console.error(fault);
process.exitCode = exitCode > 0 || faults.length > 0 ? 1 : 0;

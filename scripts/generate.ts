import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { GENERATED_FILES } from './pages/generated-files.ts';
import { toolCommand } from './tools/tool-command.ts';

// What the CDK checks by itself takes seconds, and says nothing of what is generated.
process.env['CDK_VALIDATION'] = 'false';

/** Writes every generated file, or with `--check` names those that are stale and exits 1. */
async function generate({ check }: { readonly check: boolean }): Promise<void> {
  const stale: string[] = [];
  for (const [path, text] of Object.entries(GENERATED_FILES)) {
    const fresh = await text();
    if (read(path) === fresh) continue;
    if (check) stale.push(path);
    else write(path, fresh);
  }
  if (stale.length === 0) return;
  console.error(`Stale, run "npm run generate":\n${stale.map((path) => `  ${path}`).join('\n')}`);
  process.exitCode = 1;
}

const read = (path: string): string | undefined =>
  existsSync(path) ? readFileSync(path, 'utf8') : undefined;

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

await toolCommand({
  name: 'npm run generate --',
  does: 'Writes the generated files again: pages, schemas, templates and dashboards.',
  examples: ['npm run generate', 'npm run generate -- --check'],
  exitCodes: { 0: 'all are fresh', 1: 'one is stale, with "--check"' },
})
  .option('--check', 'writes nothing and names what is stale', false)
  .action(generate)
  .parseAsync();

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { text } from 'node:stream/consumers';
import { Option } from 'commander';
import * as z from 'zod';
import { toolCommand } from './tools/tool-command.ts';

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

const parts = Object.keys(scripts).filter((name) => name.startsWith('check:'));

const { without } = toolCommand({
  name: 'npm run check --',
  does: `Runs all checks at the same time: ${parts.join(', ')}.`,
  examples: ['npm run check', 'npm run check -- --without check:generated check:unused'],
  exitCodes: { 0: 'all is well', 1: 'one of them fails' },
})
  .addOption(
    new Option('--without <part...>', 'leaves out parts, which another command does better')
      .choices(parts)
      .default([]),
  )
  .parse()
  .opts<{ readonly without: readonly string[] }>();

/** Parts of the check that still wait, in the order of `package.json`: the longest come first. */
const waiting = Object.entries(scripts).filter(([name]) => parts.includes(name) && !without.includes(name));
const failed: string[] = [];

/** Runs one part after the other until none waits; what a part prints is shown at its end. */
async function work(): Promise<void> {
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
    const [name, command] = part;
    const child = spawn(`${command} 2>&1`, { shell: true, stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    const [printed, code] = await Promise.all([text(child.stdout), ended]);
    process.stdout.write(`> ${name}\n${printed}`);
    if (code !== 0) failed.push(name);
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, work));
if (failed.length > 0) console.error(`Failed: ${failed.join(', ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;

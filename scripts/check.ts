import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import * as z from 'zod';

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

/** Parts that another command does better; `--without` names them. */
const { values } = parseArgs({ options: { without: { type: 'string', multiple: true, default: [] } } });

/** Parts of the check that still wait, in the order of `package.json`: the longest come first. */
const waiting = Object.entries(scripts).filter(
  ([name]) => name.startsWith('check:') && !values.without.includes(name),
);
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

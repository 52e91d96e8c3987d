#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readAgentSettings, startAgentServer } from './agent-server.ts';

const USAGE = `Usage: secret-rotation-client agent --config <file>

Serves the secrets that the file lists on 127.0.0.1, to programs of every language.
`;

/** Runs the agent until a signal ends it. */
async function main(args: readonly string[]): Promise<void> {
  const options = { config: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  if (values.help === true) return void process.stdout.write(USAGE);
  if (positionals.join(' ') !== 'agent' || values.config === undefined) throw new Error(USAGE.trim());
  const agent = await startAgentServer(readAgentSettings(await readFile(values.config, 'utf8')));
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void agent.close().then(() => process.exit(0)));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

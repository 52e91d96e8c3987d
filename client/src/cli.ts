#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { untilShutdown } from './agent-server/lambda-extension.ts';
import { readAgentSettings, startAgentServer } from './agent-server.ts';

const USAGE = `Usage: secret-rotation-client agent --config <file>
       secret-rotation-client agent --lambda-extension

Serves the secrets that the file lists on 127.0.0.1, to programs of every language.
As an extension of Lambda, the variable SECRET_ROTATION_AGENT_CONFIG holds what the file would.
`;

/** Runs the agent until a signal ends it, or until its Lambda environment does. */
async function main(args: readonly string[]): Promise<void> {
  const options = {
    config: { type: 'string' },
    'lambda-extension': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  if (values.help === true) {
    process.stdout.write(USAGE);
    return;
  }
  const isExtension = values['lambda-extension'];
  if (positionals.join(' ') !== 'agent' || (values.config === undefined) === !isExtension)
    throw new Error(USAGE.trim());
  // biome-ignore lint/style/noProcessEnv: the variables of an extension are its settings
  const { SECRET_ROTATION_AGENT_CONFIG: text = '', AWS_LAMBDA_RUNTIME_API: api = '' } = process.env;
  const written = values.config === undefined ? text : await readFile(values.config, 'utf8');
  const agent = await startAgentServer(readAgentSettings(written));
  const end = () => void agent.close().then(() => process.exit(0));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  if (!isExtension) return;
  await untilShutdown(api);
  end();
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  // Also where the server keeps the process alive: Lambda reports extensions that end.
  process.exit(1);
});

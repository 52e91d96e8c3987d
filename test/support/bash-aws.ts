import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { shellQuote } from '../../src/monitor/domain/shell-quote.ts';
import { type CommandOutcome, printedText, runAwsCommand } from '../../src/proving/operator/aws-cli.ts';
import { seededRandom } from '../../src/simulator/call/random.ts';
import type { TestSimulator } from './simulated.ts';

/** A command of the AWS CLI that a shell ran. */
export interface Typed {
  readonly line: string;
  readonly outcome: CommandOutcome;
}

const called = z.object({ words: z.array(z.string()), input: z.string().optional() });

/** Runs a script in bash, where `aws` ends in the simulator; answers what it ran, those within others first. */
export async function runInBash(simulator: TestSimulator, script: string): Promise<readonly Typed[]> {
  const typed: Typed[] = [];
  const thrown: unknown[] = [];
  const { uuid } = seededRandom(11);
  const server = createServer(async (request, response) => {
    try {
      const { words, input } = called.parse(JSON.parse(await text(request)));
      const line = lineOf(words, input);
      const outcome = await runAwsCommand(simulator, line, { uuid });
      typed.push({ line, outcome });
      response.end(JSON.stringify(answerTo(words, line, outcome)));
    } catch (error) {
      // Without an answer the shell would wait for ever.
      thrown.push(error);
      response.end(JSON.stringify({ printed: '', code: 255 }));
    }
  });
  const port = await listening(server);
  try {
    await bash(script, `http://127.0.0.1:${port}`);
  } finally {
    server.close();
  }
  if (thrown.length > 0) throw thrown[0];
  return typed;
}

const lineOf = (words: readonly string[], input: string | undefined): string => {
  const line = ['aws', ...words].map(shellQuote).join(' ');
  return input === undefined ? line : `${line} <<< ${shellQuote(input.replace(/\n$/, ''))}`;
};

/** Returns the CLI's output, the file that `lambda invoke` writes, and the exit code. */
function answerTo(words: readonly string[], line: string, outcome: CommandOutcome): object {
  if (outcome.kind === 'refused') return { printed: outcome.text, code: 254 };
  if (outcome.kind === 'skipped') return { printed: '', code: 0 };
  const name = words.slice(0, 2).join(' ') === 'lambda invoke' ? words.at(-1) : undefined;
  const printed = line.includes('--query')
    ? printedText(outcome.answer, line)
    : JSON.stringify(outcome.answer);
  return { printed, code: 0, ...(name !== undefined && { file: { name, text: 'null' } }) };
}

const listening = (server: Server): Promise<number> =>
  new Promise((done) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      done(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });

const STUB = resolve('test/support/aws-stub.mjs');

function bash(script: string, url: string): Promise<void> {
  const whole = `aws() { "${process.execPath}" "${STUB}" "$@"; }\n${script}`;
  return new Promise((done, fail) => {
    const shell = spawn('bash', ['-c', whole], {
      cwd: mkdtempSync(join(tmpdir(), 'runbook-')),
      env: { PATH: process.env['PATH'], AWS_STUB_URL: url },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    shell.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    shell.on('error', fail);
    shell.on('close', () => (said === '' ? done() : fail(new Error(said))));
  });
}

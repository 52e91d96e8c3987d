import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shellQuote } from '../../src/monitor/domain/shell-quote.ts';
import { type CommandOutcome, printedText, runAwsCommand } from '../../src/proving/operator/aws-cli.ts';
import { seededRandom } from '../../src/simulator/call/random.ts';
import type { TestSimulator } from './simulated.ts';

/** A command of the AWS CLI that a shell ran. */
export interface Typed {
  readonly line: string;
  readonly outcome: CommandOutcome;
}

/** A request of a shell: the words after `aws`, and the standard input of a command that reads it. */
interface Called {
  readonly words: readonly string[];
  readonly input: string | undefined;
}

/** The printed text of a command, the file that it writes, and its exit code. */
interface Answer {
  readonly printed: string;
  readonly code: number;
  readonly file?: { readonly name: string; readonly text: string };
}

/** Runs a script in bash, where `aws` ends in the simulator; answers what it ran, those within others first. */
export async function runInBash(simulator: TestSimulator, script: string): Promise<readonly Typed[]> {
  const typed: Typed[] = [];
  const thrown: unknown[] = [];
  const { uuid } = seededRandom(11);
  const server = createServer(async (socket) => {
    try {
      const { words, input } = await calledBy(socket);
      const line = lineOf(words, input);
      const outcome = await runAwsCommand(simulator, line, { uuid });
      typed.push({ line, outcome });
      socket.end(fieldsOf(answerTo(words, line, outcome)));
    } catch (error) {
      // Without an answer the shell would wait for ever.
      thrown.push(error);
      socket.end(fieldsOf({ printed: '', code: 255 }));
    }
  });
  const port = await listening(server);
  try {
    await bash(script, port);
  } finally {
    server.close();
  }
  if (thrown.length > 0) throw thrown[0];
  return typed;
}

/** Reads fields that end with a zero: the number of words, the words, whether there is an input, and the input. */
function calledBy(socket: Socket): Promise<Called> {
  let received = '';
  socket.setEncoding('utf8');
  return new Promise((done, fail) => {
    socket.on('error', fail);
    socket.on('close', () => fail(new Error(`The shell broke off after ${JSON.stringify(received)}`)));
    socket.on('data', (text: string) => {
      received += text;
      const [count = '', ...fields] = received.split('\0');
      const words = fields.slice(0, Number(count));
      const [hasInput, input, rest] = fields.slice(Number(count));
      if (rest !== undefined) done({ words, input: hasInput === 'yes' ? input : undefined });
    });
  });
}

const fieldsOf = ({ printed, code, file }: Answer): string =>
  [String(code), file?.name ?? '', file?.text ?? '', printed, ''].join('\0');

const lineOf = (words: readonly string[], input: string | undefined): string => {
  const line = ['aws', ...words].map(shellQuote).join(' ');
  return input === undefined ? line : `${line} <<< ${shellQuote(input.replace(/\n$/, ''))}`;
};

/** Returns the CLI's output, the file that `lambda invoke` writes, and the exit code. */
function answerTo(words: readonly string[], line: string, outcome: CommandOutcome): Answer {
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

/** Stands for the AWS CLI without a process of its own: hands over its words, prints and writes what the CLI would. */
const AWS = `aws() {
  local field code name text printed input= has=no
  case " $* " in *' fileb:///dev/stdin '*) has=yes; input=$(cat; printf .); input=\${input%.} ;; esac
  exec 9<>"/dev/tcp/127.0.0.1/$AWS_PORT"
  printf '%s\\0' "$#" "$@" "$has" "$input" >&9
  for field in code name text printed; do IFS= read -r -d '' "$field" <&9; done
  exec 9>&-
  if [ -n "$name" ]; then printf %s "$text" >"$name"; fi
  printf '%s\\n' "$printed"
  return "$code"
}`;

function bash(script: string, port: number): Promise<void> {
  return new Promise((done, fail) => {
    const shell = spawn('bash', ['-c', `${AWS}\n${script}`], {
      cwd: mkdtempSync(join(tmpdir(), 'runbook-')),
      env: { PATH: process.env['PATH'], AWS_PORT: String(port) },
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

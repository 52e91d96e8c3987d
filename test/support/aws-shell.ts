import { execFile, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { shellQuote } from '../../src/monitor/domain/shell-quote.ts';

/** The outcome of a line that a shell ran. */
interface ShellOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The circumstances of lines that a shell runs. */
interface ShellPlace {
  /** The folder in which they run; that of the shell when left out. */
  readonly folder?: string;
  /** Words that stand between `aws` and those of each command. */
  readonly before?: readonly string[];
}

/** A shell in which `aws` is the AWS CLI of this machine. */
export interface AwsShell {
  /** Runs lines in bash. */
  run(lines: string, place?: ShellPlace): Promise<ShellOutcome>;
  stop(): void;
}

/**
 * Answers requests of a shell: its folder, the number of words, the words, and the standard input. The AWS CLI is loaded
 * once; each command runs in a fork, which starts as a new process of the CLI does, and leaves nothing to the next one.
 */
const ANSWERING = `
import gc, os, socket, sys, tempfile
from awscli.clidriver import create_clidriver

def fields_of(connection):
    received = b''
    while True:
        fields = received.split(b'\\0')[:-1]
        if len(fields) > 1 and len(fields) == int(fields[1]) + 3:
            return [os.fsdecode(field) for field in fields]
        received += connection.recv(65536)

def answer(driver, connection):
    folder, _, *words, text = fields_of(connection)
    os.chdir(folder)
    files = [tempfile.TemporaryFile() for _ in range(3)]
    files[0].write(os.fsencode(text))
    for descriptor, file in enumerate(files):
        file.seek(0)
        os.dup2(file.fileno(), descriptor)
    try:
        code = driver.main(words)
    except SystemExit as ended:
        code = ended.code
    sys.stdout.flush()
    sys.stderr.flush()
    for file in files[1:]:
        file.seek(0)
    connection.sendall(b'\\0'.join([b'%d' % (code or 0), *(file.read() for file in files[1:]), b'']))

driver = create_clidriver()
driver.session.get_component('data_loader').load_data('endpoints')
driver._get_command_table()
gc.disable()
gc.freeze()
listener = socket.create_server(('127.0.0.1', 0))
print(listener.getsockname()[1], flush=True)
while True:
    connection, _ = listener.accept()
    child = os.fork()
    if child == 0:
        try:
            answer(driver, connection)
        finally:
            os._exit(1)
    connection.close()
    os.waitpid(child, 0)
`;

/** Hands the words of a command to the process that has the AWS CLI loaded, and prints what the CLI printed. */
const HANDING_OVER = `installed_aws() {
  local field code printed said input=
  case " $* " in *' fileb:///dev/stdin '*) input=$(cat; printf .); input=\${input%.} ;; esac
  exec 9<>"/dev/tcp/127.0.0.1/$AWS_PORT"
  printf '%s\\0' "$PWD" "$#" "$@" "$input" >&9
  for field in code printed said; do IFS= read -r -d '' "$field" <&9 || return 255; done
  exec 9>&-
  printf %s "$printed"
  printf %s "$said" >&2
  return "$code"
}`;

/** Starts the AWS CLI for each command, however it is installed. */
const STARTING = 'installed_aws() { command aws "$@"; }';

/**
 * Returns a shell with nothing but these variables, in which `aws` is the AWS CLI of this machine; undefined where none
 * is installed. To start the AWS CLI takes half a second: where Python can load it, that happens once.
 */
export async function awsShell(
  home: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<AwsShell | undefined> {
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    AWS_CONFIG_FILE: join(home, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(home, 'credentials'),
    AWS_PAGER: '',
    ...variables,
  };
  const loaded = spawn('python3', ['-c', ANSWERING], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const port = await new Promise<string>((resolve) => {
    loaded.stdout.once('data', (text: Buffer) => resolve(text.toString().trim()));
    loaded.once('error', () => resolve(''));
    loaded.once('close', () => resolve(''));
  });
  if (port === '' && spawnSync('aws', ['--version'], { env }).status !== 0) return undefined;
  const opening = port === '' ? STARTING : HANDING_OVER;
  return {
    run: (lines, { folder = home, before = [] } = {}) => {
      const words = ['installed_aws', ...before].map(shellQuote).join(' ');
      const script = `${opening}\naws() { ${words} "$@"; }\n${lines}`;
      return new Promise((done) => {
        const options = { cwd: folder, env: { ...env, AWS_PORT: port } };
        execFile('bash', ['--norc', '-c', script], options, (error, stdout, stderr) =>
          done({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
        );
      });
    },
    stop: () => void loaded.kill(),
  };
}

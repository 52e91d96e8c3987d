import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { chown, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Servers refuse to run as root: then they run as `nobody`. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** A database server of a test, on a free port of the loopback interface, with a data directory of its own. */
export interface DatabaseServer {
  readonly port: number;
  /** Everything the server has logged. */
  log(): string;
  stop(): Promise<void>;
}

/** The commands that start one kind of server. */
interface Kind {
  readonly program: string;
  /** The command that makes the data directory; undefined where the server needs none. */
  readonly prepare?: (folder: string) => readonly [string, ...string[]];
  readonly start: (folder: string, port: number) => readonly string[];
  readonly ready: RegExp;
  /** Arguments that let it offer TLS with the certificate of its folder. */
  readonly tls: (folder: string) => readonly string[];
}

/** Folder in which Debian installs PostgreSQL's programs. */
const POSTGRES_BIN = '/usr/lib/postgresql/15/bin';

/** The log of changes is copied with the data; 96 MB by default. */
const SMALL_LOG = '--innodb-log-file-size=4M';

/** MariaDB; `root` has no password. */
export const MARIADB: Kind = {
  program: '/usr/sbin/mariadbd',
  prepare: (folder) => [
    'mariadb-install-db',
    '--no-defaults',
    `--datadir=${folder}/data`,
    // A server that starts removes the temporary tables of all others in its folder for them.
    `--tmpdir=${folder}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    SMALL_LOG,
  ],
  start: (folder, port) => [
    '--no-defaults',
    `--datadir=${folder}/data`,
    `--tmpdir=${folder}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    `--socket=${folder}/my.sock`,
    `--pid-file=${folder}/my.pid`,
    '--skip-name-resolve',
    '--max-connections=400',
    '--innodb-buffer-pool-size=16M',
    SMALL_LOG,
    '--innodb-flush-log-at-trx-commit=0',
  ],
  ready: /ready for connections/,
  tls: (folder) => [`--ssl-cert=${folder}/server.pem`, `--ssl-key=${folder}/server.key`],
};

/** PostgreSQL; `admin` is trusted through the socket alone, everybody else needs a password. */
export const POSTGRES: Kind = {
  program: `${POSTGRES_BIN}/postgres`,
  prepare: (folder) => [
    `${POSTGRES_BIN}/initdb`,
    `--pgdata=${folder}/data`,
    '--username=admin',
    '--auth-local=trust',
    '--auth-host=scram-sha-256',
    '--no-sync',
    '--wal-segsize=1',
  ],
  start: (folder, port) => [
    ...['-D', `${folder}/data`, '-p', String(port), '-k', folder],
    ...['-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off', '-c', 'max_connections=200'],
  ],
  ready: /ready to accept connections/,
  tls: (folder) => [
    ...['-c', 'ssl=on', '-c', `ssl_cert_file=${folder}/server.pem`],
    ...['-c', `ssl_key_file=${folder}/server.key`],
  ],
};

/** The password of {@link REDIS}. */
export const REDIS_PASSWORD = 'the-password-of-redis';

/** Redis, with a password for its default user. */
export const REDIS: Kind = {
  program: '/usr/bin/redis-server',
  start: (folder, port) => [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
    ...['--save', '', '--requirepass', REDIS_PASSWORD],
  ],
  ready: /Ready to accept connections/,
  tls: () => [],
};

/** Returns the reason why a test of this kind cannot run here; undefined when it can. */
export function missing(kind: Kind): string | undefined {
  if (existsSync(kind.program)) return undefined;
  const reason = `${kind.program} is not installed`;
  if (process.env['REQUIRE_DATABASES'] === '1') throw new Error(reason);
  return reason;
}

/** A certificate authority of the test, and a certificate that it made for a host. */
async function certify(folder: string, host: string): Promise<void> {
  const openssl = (...args: readonly string[]) => run('openssl', [...args], { ...NOBODY, cwd: folder });
  const key = ['-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  await writeFile(join(folder, 'names'), `subjectAltName=DNS:${host}\n`);
  await openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test CA');
  await openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', `/CN=${host}`);
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
  await openssl('x509', '-req', '-in', 'server.csr', ...signed, '-out', 'server.pem');
}

/** Folder of data directories that servers begin with. */
const KEPT = 'node_modules/.cache/client-database';

/** Makes the data directory of a server: a copy of the first one, which took longer to make than all else here. */
async function makeData({ program, prepare }: Kind, folder: string): Promise<void> {
  if (prepare === undefined) return;
  const made = createHash('sha256').update(
    JSON.stringify([statSync(program).mtimeMs, process.getuid?.(), prepare('')]),
  );
  const kept = join(KEPT, `${basename(program)}-${made.digest('hex').slice(0, 8)}`);
  const data = join(folder, 'data');
  if (existsSync(kept)) return copy(kept, data);
  const [command, ...args] = prepare(folder);
  await run(command, args, { ...NOBODY, cwd: folder });
  await mkdir(KEPT, { recursive: true });
  const copied = await mkdtemp(`${kept}-`);
  await copy(data, join(copied, 'data'));
  // Another process may have kept its own in the meantime.
  await rename(join(copied, 'data'), kept).catch(() => undefined);
  await rm(copied, { recursive: true, force: true });
}

/** Copies a folder with its owner and its rights. */
const copy = async (from: string, to: string): Promise<void> =>
  void (await run('cp', ['-a', '--reflink=auto', from, to]));

/** Starts a server; `folder` is where its socket lies too, and `ca.pem` where it offers TLS, for a host. */
export async function startServer(
  kind: Kind,
  { tls }: { readonly tls?: string } = {},
): Promise<DatabaseServer & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'client-database-'));
  if (NOBODY.uid !== undefined) await chown(folder, NOBODY.uid, NOBODY.gid);
  await makeData(kind, folder);
  if (tls !== undefined) await certify(folder, tls);
  const port = await freePort();
  const args = [...kind.start(folder, port), ...(tls === undefined ? [] : kind.tls(folder))];
  const server = spawn(kind.program, args, { ...NOBODY, cwd: folder });
  let log = '';
  const keep = (chunk: unknown) => {
    log += String(chunk);
  };
  server.stdout.on('data', keep);
  server.stderr.on('data', keep);
  while (!kind.ready.test(log)) {
    if (server.exitCode !== null) throw new Error(`${kind.program} ended: ${log}`);
    await sleep(20);
  }
  const stop = async () => {
    await ended(server);
    await rm(folder, { recursive: true, force: true });
  };
  return { port, folder, log: () => log, stop };
}

const ended = (server: ChildProcess) =>
  new Promise<void>((resolve) => {
    if (server.exitCode !== null || server.signalCode !== null) return resolve();
    server.once('exit', () => resolve());
    server.kill('SIGKILL');
  });

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ReportFormat } from '../../src/monitor/domain/report-format/write-report.ts';
import { type AuditedAccount, auditedAccount } from './audited-account.ts';

/** An audit by the command line, in a process of its own. */
export interface CliAudit {
  /** The format, and where it went. */
  readonly name: string;
  readonly exitCode: number | null;
  /** Most memory of the process, V8 and its code included. */
  readonly peakBytes: number;
  readonly outBytes: number;
  /** Pages of the list that were read when the first text came out. */
  readonly pagesAtFirst: number;
  readonly pages: number;
  /** Pages that were read while nobody read the output; undefined where somebody did all the time. */
  readonly pagesUnread: number | undefined;
  /** Secrets that the last line of progress names. */
  readonly progress: number;
}

/** Audits of one account in all formats. */
export interface MeasuredCli {
  readonly secrets: number;
  readonly audits: readonly CliAudit[];
}

const FORMATS: readonly (ReportFormat | 'text')[] = ['text', 'csv', 'json', 'html', 'ocsf', 'asff'];
/** A list that does not go on for so long waits for its reader. */
const STALLED_MS = 15_000;

async function measure(cli: string, secrets: number): Promise<MeasuredCli> {
  const account = await auditedAccount(secrets);
  const period = ['--from', daysAgo(90), '--to', daysAgo(0)];
  const audits: CliAudit[] = [];
  for (const format of FORMATS) {
    const args = [...period, '--format', format];
    audits.push(await audited(account, { name: format, cli, args, isRead: true }));
  }
  const json = [...period, '--json'];
  audits.push(await audited(account, { name: 'json, not read', cli, args: json, isRead: false }));
  const folder = mkdtempSync(join(tmpdir(), 'audit-'));
  const all = [...period, '--format', FORMATS.join(','), '--output-directory', folder];
  audits.push(await audited(account, { name: 'all, into a folder', cli, args: all, isRead: true }));
  const archive = [...period, '--archive', join(folder, 'archive')];
  audits.push(await audited(account, { name: 'an archive', cli, args: archive, isRead: true }));
  process.stderr.write(`${readdirSync(folder).join(' ')}\n`);
  rmSync(folder, { recursive: true });
  await account.simulator.close();
  return { secrets, audits };
}

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

interface CliRun {
  readonly name: string;
  /** Path of the built command line. */
  readonly cli: string;
  readonly args: readonly string[];
  /** False for a reader that reads nothing before the list stands still. */
  readonly isRead: boolean;
}

async function audited(
  { simulator, endpoint }: AuditedAccount,
  { name, cli, args, isRead }: CliRun,
): Promise<CliAudit> {
  let pages = 0;
  const stop = simulator.faults.before(({ operation }) => {
    pages += Number(operation === 'ListSecrets');
  });
  const where = ['--region', simulator.home.region, '--endpoint-url', endpoint];
  const child = spawn(process.execPath, [cli, 'audit', ...where, ...args], {
    env: { AWS_ACCESS_KEY_ID: 'operator', AWS_SECRET_ACCESS_KEY: 'simulated' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => void child.once('close', resolve));
  let peakBytes = 0;
  const watch = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOf(child.pid));
  }, 50);
  let errors = '';
  child.stderr.on('data', (piece: Buffer) => {
    errors += piece.toString();
  });
  let outBytes = 0;
  let pagesAtFirst = 0;
  const read = (): void => {
    child.stdout.on('data', (piece: Buffer) => {
      if (outBytes === 0) pagesAtFirst = pages;
      outBytes += piece.byteLength;
    });
  };
  let pagesUnread: number | undefined;
  if (!isRead) pagesUnread = await standstill(() => pages);
  read();
  const exitCode = await ended;
  clearInterval(watch);
  stop();
  const [, last = '0'] =
    [...errors.matchAll(/([\d,]+) secrets? read(?:, [\d.,]+ a second)? …/g)].at(-1) ?? [];
  const progress = Number(last.replaceAll(',', ''));
  return { name, exitCode, peakBytes, outBytes, pagesAtFirst, pages, pagesUnread, progress };
}

/** Waits until pages have begun to be read, and no more are. */
async function standstill(pages: () => number): Promise<number> {
  let before = 0;
  while (pages() === 0 || pages() !== before) {
    before = pages();
    await pause(STALLED_MS);
  }
  return before;
}

/** Most resident memory of a process so far, in bytes; 0 when it is gone. */
function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

const [cli = '', secrets = '0'] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await measure(cli, Number(secrets))));
process.exit(0);

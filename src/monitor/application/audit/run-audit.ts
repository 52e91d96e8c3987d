import { type Instant, SECOND } from '../../../calendar/instant.ts';
import { arnHash } from '../../domain/arn-hash.ts';
import type { AuditException } from '../../domain/report/audit-exception.ts';
import {
  type AuditRecord,
  type AuditUnderWay,
  auditToRun,
  type CompletedAudit,
  NO_AUDITS,
} from '../../domain/report/audit-record.ts';
import type { AuditStream, Provenance } from '../../domain/report/audit-report.ts';
import { AuditTally } from '../../domain/report/compute/summary.ts';
import type { SecretAudit } from '../../domain/report/secret-audit.ts';
import { OwnerResults } from '../../domain/report-format/worst-secrets.ts';
import type { ReportFormat } from '../../domain/report-format/write-report.ts';
import { archiveReport } from '../report/archive-report.ts';
import type { Service } from '../service.ts';
import { type KeptLock, keptLock } from '../sweep/kept-lock.ts';
import { findMembers } from '../target/watched-targets.ts';
import { beginAudit, type FleetProgress } from './audit-fleet.ts';
import { auditMemoryOf } from './audit-memory-of.ts';
import type { AuditingFleet, AuditRequest } from './audit-request.ts';
import { progressOf, readRows, rowsIn } from './read-rows.ts';
import { tellAudit } from './tell-audit.ts';

/** Parts of the service that run the scheduled audit. */
export interface RunningAudit
  extends Omit<AuditingFleet, 'kept'>,
    Pick<Service, 'store' | 'changes' | 'metrics' | 'log' | 'notifier' | 'accounts'> {
  readonly audits: NonNullable<Service['audits']>;
  readonly auditStarter: NonNullable<Service['auditStarter']>;
}

/** One invocation of the scheduled audit. */
export interface AuditRun {
  /** Identifies the invocation; one that is repeated has the same. */
  readonly id: string;
  /** Identity of who reads. */
  readonly identity: string;
  /** Time to hand over the rest. */
  readonly handOverAt: Instant;
}

/**
 * `complete`: the report is stored and its summary sent. `handed-over`: another invocation goes on. `busy`: another one is
 * at it. `not-due`: the last audit reaches to this day. `given-up`: too many invocations have worked at it.
 */
export type AuditOutcome = 'complete' | 'handed-over' | 'busy' | 'not-due' | 'given-up';

/** SHA-256 of an empty text. */
const NO_EXCEPTIONS = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
/** Formats of a stored report; the others can be made from it. */
const FORMATS: readonly ReportFormat[] = ['html', 'csv', 'json'];
/**
 * Most invocations that work at one audit. Lambda stops a function that has invoked itself about 16 times in a row.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
const MOST_RUNS = 14;

/**
 * Runs the scheduled audit, or goes on with one that was left half done. It is alone at it. The report is stored and
 * sealed, then remembered, then its summary is sent: a crash can repeat a summary, never lose one.
 */
export async function runAudit(service: RunningAudit, run: AuditRun): Promise<AuditOutcome> {
  const lock = keptLock(service, { name: 'audit', holder: run.id });
  if (!(await lock.take())) return 'busy';
  try {
    return await alone(service, run, lock);
  } finally {
    await lock.release();
  }
}

async function alone(service: RunningAudit, run: AuditRun, lock: KeptLock): Promise<AuditOutcome> {
  const { changes, settings, clock, log } = service;
  const known = (await changes.readAudits(settings.target)) ?? NO_AUDITS;
  const record = await tellAudit(service, known);
  const underWay = auditToRun(record, clock.now(), basisOf(service));
  if (underWay === undefined) return told(record, 'not-due');
  if (underWay.runs > MOST_RUNS) {
    log({ level: 'error', message: 'An audit was given up', details: { runs: MOST_RUNS } });
    await changes.writeAudits(settings.target, { ...record, underWay: undefined, gaveUpAt: clock.now() });
    return 'given-up';
  }
  await changes.writeAudits(settings.target, { ...record, underWay });
  const request = await requestOf(service, underWay, run);
  return new ScheduledAudit(service, { request, record, run, lock }).goOn(underWay);
}

/** Fails where a summary was not sent, so that Lambda tries once more. */
function told({ last }: AuditRecord, outcome: AuditOutcome): AuditOutcome {
  if (last?.isTold !== false) return outcome;
  throw new Error('The summary of an audit was not sent');
}

/** All that rows are judged by and no row shows. */
function basisOf({ audits, settings }: RunningAudit): string {
  const { version, parameters, rules } = audits;
  return arnHash(
    JSON.stringify([version, parameters, rules.controls, rules.stuckAfterMs, settings.auditLimits]),
  );
}

async function requestOf(
  service: RunningAudit,
  { from, to }: AuditUnderWay,
  { identity }: AuditRun,
): Promise<AuditRequest> {
  const { settings, audits } = service;
  const { targets } = await findMembers(service);
  const { rules, version, parameters } = audits;
  return {
    period: { from, to, label: undefined },
    targets: [settings.target, ...targets],
    rules,
    exceptions: [],
    provenance: { version, identity, parameters, exceptionsHash: NO_EXCEPTIONS },
  };
}

/** The circumstances of one invocation. */
interface AuditFrame {
  readonly request: AuditRequest;
  readonly record: AuditRecord;
  readonly run: AuditRun;
  readonly lock: KeptLock;
}

class ScheduledAudit {
  readonly #service: RunningAudit;
  readonly #frame: AuditFrame;
  readonly #begunAt: Instant;

  constructor(service: RunningAudit, frame: AuditFrame) {
    this.#service = service;
    this.#frame = frame;
    this.#begunAt = service.clock.now();
  }

  async goOn(underWay: AuditUnderWay): Promise<AuditOutcome> {
    const { reports } = this.#service.audits;
    const progress = await progressOf(reports, underWay.parts);
    const fleet = { ...this.#service, kept: auditMemoryOf(this.#service) };
    const audit = await beginAudit(fleet, this.#frame.request, { readAt: underWay.readAt, progress });
    let current = underWay;
    if (!underWay.isRead) {
      const save = async (read: AuditUnderWay): Promise<void> => {
        current = read;
        await this.#remember({ underWay: read });
      };
      const mayGoOn = () => this.#mayGoOn();
      const end = await readRows({ reports, audit, underWay, mayGoOn, save });
      if (end === 'lost') return 'busy';
      if (end === 'hand-over' || this.#hasLittleTime()) return this.#handOver();
    }
    return this.#publish(current, { ...this.#provenance(current), ...audit.known }, audit.exceptions);
  }

  async #mayGoOn(): Promise<'yes' | 'hand-over' | 'lost'> {
    const { lock, run } = this.#frame;
    if (!(await lock.keep())) return 'lost';
    return this.#service.clock.now() >= run.handOverAt ? 'hand-over' : 'yes';
  }

  /** Writing takes about as long as reading did, and cannot be handed over. */
  #hasLittleTime(): boolean {
    const now = this.#service.clock.now();
    return now - this.#begunAt > this.#frame.run.handOverAt - now;
  }

  async #handOver(): Promise<AuditOutcome> {
    await this.#frame.lock.release();
    await this.#service.auditStarter.start();
    return 'handed-over';
  }

  #provenance({ readAt }: AuditUnderWay): Omit<Provenance, 'historySince'> {
    const { provenance, period } = this.#frame.request;
    return { ...provenance, period, readAt };
  }

  async #publish(
    underWay: AuditUnderWay,
    provenance: Provenance,
    exceptions: readonly AuditException[],
  ): Promise<AuditOutcome> {
    const { audits, clock, metrics } = this.#service;
    const { record } = this.#frame;
    const { stream, results, progress } = await this.#streamOf(underWay, provenance, exceptions);
    const { files, manifest } = await archiveReport(
      { store: audits.reports, formats: FORMATS, previous: record.last?.manifest },
      stream,
    );
    const { from, to, readAt } = underWay;
    const last: CompletedAudit = {
      ...{ from, to, readAt, completedAt: clock.now(), manifest },
      page: files.find(({ key }) => key.endsWith('.html')) ?? manifest,
      results: results.results,
      before: record.last?.results ?? [],
      notRead: progress.notSwept.length,
      isTold: false,
    };
    const complete: AuditRecord = { last, underWay: undefined, gaveUpAt: undefined };
    await this.#remember(complete);
    await metrics.record([{ name: 'AuditAge', value: (clock.now() - readAt) / SECOND }], clock.now());
    return told(await tellAudit(this.#service, complete), 'complete');
  }

  async #streamOf(
    { parts }: AuditUnderWay,
    provenance: Provenance,
    exceptions: readonly AuditException[],
  ): Promise<{
    readonly stream: AuditStream;
    readonly results: OwnerResults;
    readonly progress: FleetProgress;
  }> {
    const { audits, settings } = this.#service;
    const progress = await progressOf(audits.reports, parts);
    if (progress === undefined) throw new TypeError('Cannot write a report before its rows were read');
    const tally = new AuditTally(this.#frame.request.period);
    const results = new OwnerResults(settings.policyDefaults.owners);
    const stream: AuditStream = {
      provenance,
      secrets: this.#counted(rowsIn(audits.reports, parts), [tally, results]),
      summary: () => Promise.resolve(tally.summary({ ...progress, exceptions })),
    };
    return { stream, results, progress };
  }

  async *#counted(
    rows: AsyncIterable<SecretAudit>,
    tallies: readonly { add(row: SecretAudit): void }[],
  ): AsyncGenerator<SecretAudit> {
    for await (const row of rows) {
      if (!(await this.#frame.lock.keep())) throw new Error('Another invocation has taken over the audit');
      for (const tally of tallies) tally.add(row);
      yield row;
    }
  }

  #remember(changed: Partial<AuditRecord>): Promise<void> {
    const { changes, settings } = this.#service;
    return changes.writeAudits(settings.target, { ...this.#frame.record, ...changed });
  }
}

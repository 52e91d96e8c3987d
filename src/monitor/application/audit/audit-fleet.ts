import { type Instant, instant } from '../../../calendar/instant.ts';
import type { AuditException } from '../../domain/report/audit-exception.ts';
import type { AuditStream, Population, Provenance, Uncovered } from '../../domain/report/audit-report.ts';
import { Sample } from '../../domain/report/compute/population.ts';
import { AuditTally } from '../../domain/report/compute/summary.ts';
import { type ExceptionRecord, exceptionsOf } from '../../domain/report/exception-record.ts';
import type { SecretAudit } from '../../domain/report/secret-audit.ts';
import type { Target } from '../../domain/secret/secret.ts';
import { CatalogError } from '../../ports/look/secret-catalog.ts';
import { atTarget } from '../target/at-target.ts';
import type { AuditingFleet, AuditRequest } from './audit-request.ts';
import { AuditedTarget, type TargetProgress } from './audited-target.ts';

/**
 * Audits all secrets of the targets over a period. Its rows come page by page, so that memory does not grow with the
 * fleet; with a sample, all secrets are summed up and the rows drawn come at the end. A target that cannot be listed is
 * named in the summary and stops no other.
 */
export async function auditFleet(service: AuditingFleet, request: AuditRequest): Promise<AuditStream> {
  const readAt = service.clock.now();
  const audit = await beginAudit(service, request, { readAt });
  const { period, sample, provenance } = request;
  const tally = new AuditTally(period);
  return {
    provenance: { ...provenance, ...audit.known, period, readAt, ...(sample && { sample }) },
    secrets: drawn(counted(audit.pages(), tally), sample),
    summary: () => Promise.resolve(tally.summary({ ...audit.progress, exceptions: audit.exceptions })),
  };
}

/** The exceptions that the monitor keeps, in an order that does not depend on the store. */
async function keptExceptions(
  { kept }: AuditingFleet,
  { targets }: AuditRequest,
): Promise<readonly ExceptionRecord[]> {
  const found: ExceptionRecord[] = [];
  for (const target of targets) found.push(...((await kept?.exceptions(target)) ?? []));
  return found.sort((a, b) => a.requestedAt - b.requestedAt || a.id.localeCompare(b.id));
}

/** The hash of the file alone where the monitor keeps no exception, so that anybody can compute it again. */
async function hashWith(fileHash: string, kept: readonly ExceptionRecord[]): Promise<string> {
  if (kept.length === 0) return fileHash;
  const text = new TextEncoder().encode(`${fileHash}\n${JSON.stringify(exceptionsOf(kept))}`);
  // biome-ignore lint/style/noRestrictedGlobals: a digest has no chance in it
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function* counted(
  pages: AsyncIterable<readonly SecretAudit[]>,
  tally: AuditTally,
): AsyncGenerator<SecretAudit> {
  for await (const page of pages) {
    for (const row of page) {
      tally.add(row);
      yield row;
    }
  }
}

async function* drawn(
  rows: AsyncIterable<SecretAudit>,
  sample: AuditRequest['sample'],
): AsyncGenerator<SecretAudit> {
  if (sample === undefined) return yield* rows;
  const chosen = new Sample<SecretAudit>(sample.size, sample.seed);
  for await (const row of rows) chosen.offer(row);
  yield* chosen.rows;
}

/**
 * The part that is read once, when an audit begins, and holds for all its rows, however many invocations make the report.
 */
export interface AuditBasis {
  readonly targets: readonly {
    readonly target: Target;
    /** Start of its history; undefined where none is kept. */
    readonly since?: Instant | undefined;
  }[];
  /** Exceptions that the monitor keeps, of all targets. */
  readonly kept: readonly ExceptionRecord[];
  /** SHA-256 of these and those that were given. */
  readonly exceptionsHash: string;
}

/** The part of a fleet that was read, so that another invocation can go on behind it. */
export interface FleetProgress {
  readonly basis: AuditBasis;
  /** Number of targets that are read to their end. */
  readonly targets: number;
  /** Progress within the next one; undefined at its beginning. */
  readonly within: TargetProgress | undefined;
  /** Secrets that were summed up. */
  readonly population: readonly Population[];
  readonly notSwept: readonly Uncovered[];
  readonly unwatchedPrimaries: readonly Uncovered[];
  /** Secrets of which Security Hub's own results are unknown, by place. */
  readonly noHub: readonly Uncovered[];
  /** Operation → calls so far. */
  readonly calls: Readonly<Record<string, number>>;
}

/** The circumstances of an audit of a fleet. */
interface FleetFrame {
  readonly readAt: Instant;
  /** The part that earlier invocations have read; undefined at the beginning. */
  readonly progress?: FleetProgress | undefined;
}

/** Begins an audit of a fleet, or goes on with one on the basis on which it was begun. */
export async function beginAudit(
  service: AuditingFleet,
  request: AuditRequest,
  { readAt, progress }: FleetFrame,
): Promise<FleetAudit> {
  const basis = progress?.basis ?? (await basisOf(service, request));
  return new FleetAudit(service, request, { readAt, progress, basis });
}

async function basisOf(service: AuditingFleet, request: AuditRequest): Promise<AuditBasis> {
  const kept = await keptExceptions(service, request);
  const targets: AuditBasis['targets'][number][] = [];
  for (const target of request.targets) targets.push({ target, since: await service.kept?.since(target) });
  return { targets, kept, exceptionsHash: await hashWith(request.provenance.exceptionsHash, kept) };
}

/** The audit of all targets one after the other, which can be left off between two pages. */
export class FleetAudit {
  readonly #service: AuditingFleet;
  readonly #request: AuditRequest;
  readonly #readAt: Instant;
  readonly #basis: AuditBasis;
  readonly #calls: Record<string, number>;
  readonly #population: Population[];
  readonly #notSwept: Uncovered[];
  readonly #unwatched: Uncovered[];
  readonly #noHub: Uncovered[];
  #done: number;
  #within: TargetProgress | undefined;
  #current: AuditedTarget | undefined;

  constructor(
    service: AuditingFleet,
    request: AuditRequest,
    { readAt, progress, basis }: FleetFrame & { readonly basis: AuditBasis },
  ) {
    this.#service = service;
    this.#request = { ...request, targets: basis.targets.map(({ target }) => target) };
    this.#readAt = readAt;
    this.#basis = basis;
    this.#calls = { ...progress?.calls };
    this.#population = [...(progress?.population ?? [])];
    this.#notSwept = [...(progress?.notSwept ?? [])];
    this.#unwatched = [...(progress?.unwatchedPrimaries ?? [])];
    this.#noHub = [...(progress?.noHub ?? [])];
    this.#done = progress?.targets ?? 0;
    this.#within = progress?.within;
  }

  /** The time since when the history of all targets is known, undefined where there is none, and the exceptions. */
  get known(): Pick<Provenance, 'historySince' | 'exceptionsHash'> {
    const { targets, exceptionsHash } = this.#basis;
    const known = targets.flatMap(({ since }) => since ?? []);
    return { historySince: known.length === 0 ? undefined : instant(Math.max(...known)), exceptionsHash };
  }

  /** The exceptions that were given and those that the monitor keeps. */
  get exceptions(): readonly AuditException[] {
    return [...this.#request.exceptions, ...exceptionsOf(this.#basis.kept)];
  }

  /** The part that was read, up to the page that was taken last. */
  get progress(): FleetProgress {
    return {
      basis: this.#basis,
      targets: this.#done,
      within: this.#current?.progress,
      population: this.#population,
      notSwept: this.#notSwept,
      unwatchedPrimaries: this.#unwatched,
      noHub: this.#noHub,
      calls: this.#calls,
    };
  }

  /** The rows of all targets, page by page. */
  async *pages(): AsyncGenerator<readonly SecretAudit[]> {
    for (const each of this.#basis.targets.slice(this.#done)) {
      yield* this.#pagesOf(each);
      this.#done += 1;
    }
  }

  async *#pagesOf({ target, since }: AuditBasis['targets'][number]): AsyncGenerator<readonly SecretAudit[]> {
    const audited = new AuditedTarget(atTarget(this.#service, target), {
      request: this.#request,
      readAt: this.#readAt,
      historySince: since,
      kept: this.#basis.kept,
      calls: this.#calls,
      progress: this.#within,
    });
    this.#current = audited;
    this.#within = undefined;
    try {
      yield* audited.pages();
      this.#population.push(await audited.population());
    } catch (error) {
      if (!(error instanceof CatalogError)) throw error;
      this.#request.onUnlisted?.(error);
      this.#notSwept.push({ what: `${target.account} ${target.region}`, because: error.message });
    }
    this.#unwatched.push(...audited.unwatchedPrimaries);
    this.#noHub.push(...audited.noHub);
    this.#current = undefined;
  }
}

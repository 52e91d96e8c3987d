import { type Instant, instant } from '../../../calendar/instant.ts';
import type { AuditStream, AuditSummary, Population, Uncovered } from '../../domain/report/audit-report.ts';
import { Sample } from '../../domain/report/compute/sample.ts';
import { AuditTally } from '../../domain/report/compute/summary.ts';
import { type ExceptionRecord, exceptionsOf } from '../../domain/report/exception-record.ts';
import type { SecretAudit } from '../../domain/report/secret-audit.ts';
import type { Target } from '../../domain/secret/secret.ts';
import { CatalogError } from '../../ports/look/secret-catalog.ts';
import { atTarget } from '../target/at-target.ts';
import type { AuditingFleet, AuditRequest } from './audit-request.ts';
import { AuditedTarget } from './audited-target.ts';

/**
 * Audits all secrets of the targets over a period. Its rows come page by page, so that memory does not grow with the
 * fleet; with a sample, all secrets are summed up and the rows drawn come at the end. A target that cannot be listed is
 * named in the summary and stops no other.
 */
export async function auditFleet(service: AuditingFleet, request: AuditRequest): Promise<AuditStream> {
  const readAt = service.clock.now();
  const kept = await keptExceptions(service, request);
  const audit = new FleetAudit(service, { request, readAt, kept });
  const historySince = await audit.begin();
  const { period, sample, provenance } = request;
  const exceptionsHash = await hashWith(provenance.exceptionsHash, kept);
  return {
    provenance: {
      ...provenance,
      exceptionsHash,
      period,
      readAt,
      historySince,
      ...(sample && { sample }),
    },
    secrets: audit.rows(),
    summary: () => Promise.resolve(audit.summary()),
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

/** An audit that begins, and the exceptions that the monitor keeps. */
interface Beginning {
  readonly request: AuditRequest;
  readonly readAt: Instant;
  readonly kept: readonly ExceptionRecord[];
}

class FleetAudit {
  readonly #service: AuditingFleet;
  readonly #request: AuditRequest;
  readonly #readAt: Instant;
  readonly #kept: readonly ExceptionRecord[];
  readonly #tally: AuditTally;
  readonly #since = new Map<Target, Instant | undefined>();
  readonly #calls: Record<string, number> = {};
  readonly #population: Population[] = [];
  readonly #notSwept: Uncovered[] = [];
  readonly #unwatched: Uncovered[] = [];
  readonly #noHub: Uncovered[] = [];

  constructor(service: AuditingFleet, { request, readAt, kept }: Beginning) {
    this.#service = service;
    this.#request = request;
    this.#readAt = readAt;
    this.#kept = kept;
    this.#tally = new AuditTally(request.period);
  }

  /** Answers since when the history of all targets is known; undefined where there is none. */
  async begin(): Promise<Instant | undefined> {
    const { kept } = this.#service;
    for (const target of this.#request.targets) {
      this.#since.set(target, await kept?.since(target));
    }
    const known = [...this.#since.values()].filter((since) => since !== undefined);
    return known.length === 0 ? undefined : instant(Math.max(...known));
  }

  async *rows(): AsyncGenerator<SecretAudit> {
    const { sample } = this.#request;
    const drawn = sample && new Sample<SecretAudit>(sample.size, sample.seed);
    for (const target of this.#request.targets) {
      for await (const row of this.#rowsOf(target)) {
        this.#tally.add(row);
        if (drawn === undefined) yield row;
        else drawn.offer(row);
      }
    }
    yield* drawn?.rows ?? [];
  }

  async *#rowsOf(target: Target): AsyncGenerator<SecretAudit> {
    const audited = new AuditedTarget(atTarget(this.#service, target), {
      request: this.#request,
      readAt: this.#readAt,
      historySince: this.#since.get(target),
      kept: this.#kept,
      calls: this.#calls,
    });
    try {
      yield* audited.rows();
      this.#population.push(await audited.population());
    } catch (error) {
      if (!(error instanceof CatalogError)) throw error;
      this.#request.onUnlisted?.(error);
      this.#notSwept.push({ what: `${target.account} ${target.region}`, because: error.message });
    }
    this.#unwatched.push(...audited.unwatchedPrimaries);
    if (audited.noHub !== undefined)
      this.#noHub.push({
        what: `Security Hub's own verdicts in ${target.account} ${target.region}.`,
        because: `${audited.noHub}.`,
      });
  }

  summary(): AuditSummary {
    return this.#tally.summary({
      population: this.#population,
      notSwept: this.#notSwept,
      unwatchedPrimaries: this.#unwatched,
      noHub: this.#noHub,
      exceptions: [...this.#request.exceptions, ...exceptionsOf(this.#kept)],
      calls: this.#calls,
    });
  }
}

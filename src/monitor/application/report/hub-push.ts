import { formatInstant, instant, later, SECOND } from '../../../calendar/instant.ts';
import type { Provenance } from '../../domain/report/audit-report.ts';
import type { ControlId } from '../../domain/report/control.ts';
import type { SecretAudit } from '../../domain/report/secret-audit.ts';
import { archivedFinding } from '../../domain/report-format/asff-finding.ts';
import type { AsffFinding } from '../../domain/report-format/asff-shape.ts';
import type { Target } from '../../domain/secret/secret.ts';
import type { Clock } from '../../ports/clock.ts';
import {
  type FindingsHub,
  FindingsHubError,
  type KnownFinding,
  READS_APART_MS,
  type RefusedFinding,
} from '../../ports/report/findings-hub.ts';

/** An active finding that the report has no verdict for, and what became of it. */
export interface SettledFinding {
  readonly id: string;
  readonly because: string;
}

/** Coverage of a secret, with the reason where it could not be checked or is left out. */
interface Covered {
  readonly is: SecretAudit['coverage'];
  readonly reason: string | undefined;
}

/** Dependencies of a push into one hub. */
export interface HubPushing {
  readonly clock: Clock;
  readonly hub: FindingsHub;
  readonly target: Target;
  readonly provenance: Provenance;
  readonly isDryRun: boolean;
  /** Whether the operator wants it to stop. */
  readonly isInterrupted?: (() => boolean) | undefined;
  /** Hears how many findings of earlier pushes have been read. */
  readonly onKnown?: ((findings: number) => void) | undefined;
}

/** The push into the hub of one account and region: what the hub knew, what was sent, what failed. */
export class HubPush {
  readonly #pushing: HubPushing;
  readonly #batches: FindingBatches;
  readonly #known = new Map<string, KnownFinding>();
  readonly #seen = new Set<string>();
  readonly #coverage = new Map<string, Covered>();
  readonly archived: SettledFinding[] = [];
  readonly left: SettledFinding[] = [];
  #created = 0;
  #updated = 0;
  #opening: Promise<void> | undefined;

  constructor(pushing: HubPushing) {
    this.#pushing = pushing;
    this.#batches = new FindingBatches(pushing.hub, pushing.clock);
  }

  get target(): Target {
    return this.#pushing.target;
  }

  get created(): number {
    return this.#created;
  }

  get updated(): number {
    return this.#updated;
  }

  /** Findings that the hub did not take. */
  get failed(): readonly RefusedFinding[] {
    return this.#batches.failed;
  }

  /** Reads what earlier pushes imported, once; fails with a FindingsHubError. */
  open(): Promise<void> {
    this.#opening ??= this.#readKnown();
    return this.#opening;
  }

  /** Sends what a report says now; the moment of the first import is kept, and that of the update moves forward. */
  async add(finding: AsffFinding): Promise<void> {
    const known = this.#known.get(finding.Id);
    this.#seen.add(finding.Id);
    if (known === undefined) this.#created += 1;
    else this.#updated += 1;
    await this.#send(known === undefined ? finding : following(finding, known));
  }

  /** Notes how a secret was covered. */
  looked({ secretArn, coverage, coverageReason }: SecretAudit): void {
    this.#coverage.set(secretArn, { is: coverage, reason: coverageReason });
  }

  /** Coverage of a secret of the report; undefined when it is not in it. */
  coverageOf(secretArn: string): Covered | undefined {
    return this.#coverage.get(secretArn);
  }

  /** Secrets of the report that could not be checked, and why. */
  get unverifiable(): readonly SettledFinding[] {
    return [...this.#coverage].flatMap(([id, { is, reason = 'the reason is unknown' }]) =>
      is === 'unverifiable' ? [{ id, because: reason }] : [],
    );
  }

  /** Active findings of earlier pushes that this one has no verdict for. */
  unseen(): readonly KnownFinding[] {
    return [...this.#known.values()].filter(
      ({ id, recordState }) => recordState === 'ACTIVE' && !this.#seen.has(id),
    );
  }

  /** Archives a finding of an earlier push. */
  async archive(known: KnownFinding, control: ControlId, because: string): Promise<void> {
    const { target, provenance } = this.#pushing;
    this.archived.push({ id: known.id, because });
    const finding = archivedFinding({ ...target, secretArn: known.secretArn, control, because }, provenance);
    await this.#send(following({ ...finding, Id: known.id }, known));
  }

  /** Leaves a finding of an earlier push as it is. */
  leave({ id }: KnownFinding, because: string): void {
    this.left.push({ id, because });
  }

  /** Sends what is still waiting. */
  flush(): Promise<void> {
    return this.#batches.flush();
  }

  async #send(finding: AsffFinding): Promise<void> {
    if (!this.#pushing.isDryRun) await this.#batches.add(finding);
  }

  async #readKnown(): Promise<void> {
    const { hub, clock, isInterrupted, onKnown } = this.#pushing;
    let token: string | undefined;
    do {
      const { found, next } = await hub.known(token);
      for (const each of found) this.#known.set(each.id, each);
      onKnown?.(this.#known.size);
      token = next;
      if (token !== undefined) await clock.pause(READS_APART_MS);
    } while (token !== undefined && isInterrupted?.() !== true);
  }
}

/** Security Hub takes an update only if it is later than what it has. */
function following(finding: AsffFinding, known: KnownFinding): AsffFinding {
  const next = later(instant(Date.parse(known.updatedAt)), SECOND);
  const given = instant(Date.parse(finding.UpdatedAt));
  return { ...finding, CreatedAt: known.createdAt, UpdatedAt: formatInstant(given > next ? given : next) };
}

/** Limits of one call. https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html */
const MAX_FINDINGS = 100;
const MAX_BYTES: number = 6 * 1024 * 1024;
const MAX_FINDING_BYTES: number = 240 * 1024;
/** Ten calls a second are taken. */
const APART_MS: number = SECOND / 10;
/** Tries of one batch; what is throttled or broken for a moment passes later. */
const ATTEMPTS = 3;
/** Pause before another try. */
const RETRY_MS: number = SECOND;

/** Gathers findings into calls that the hub takes, and sends them one after the other. */
export class FindingBatches {
  readonly #hub: FindingsHub;
  readonly #clock: Clock;
  readonly #failed: RefusedFinding[] = [];
  #waiting: AsffFinding[] = [];
  #bytes = 0;
  #nextAt = 0;

  constructor(hub: FindingsHub, clock: Clock) {
    this.#hub = hub;
    this.#clock = clock;
  }

  /** Findings that were refused, and those of calls that failed. */
  get failed(): readonly RefusedFinding[] {
    return this.#failed;
  }

  async add(finding: AsffFinding): Promise<void> {
    const bytes = new TextEncoder().encode(JSON.stringify(finding)).byteLength;
    if (bytes > MAX_FINDING_BYTES) {
      this.#failed.push(refused(finding.Id, 'TooLarge', `${bytes} bytes are more than 240 KB`));
      return;
    }
    if (this.#waiting.length === MAX_FINDINGS || this.#bytes + bytes + 1 > MAX_BYTES) await this.flush();
    this.#waiting.push(finding);
    this.#bytes += bytes + 1;
  }

  /** Sends what waits. What is refused for good is noted; the rest is tried again. */
  async flush(): Promise<void> {
    let batch: readonly AsffFinding[] = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    for (let attempt = 1; batch.length > 0; attempt++) {
      if (attempt > 1) await this.#clock.pause(RETRY_MS);
      const refusals = await this.#import(batch);
      const again = new Set(
        attempt < ATTEMPTS ? refusals.filter(({ retryable }) => retryable).map(({ id }) => id) : [],
      );
      this.#failed.push(...refusals.filter(({ id }) => !again.has(id)));
      batch = batch.filter(({ Id }) => again.has(Id));
    }
  }

  async #import(batch: readonly AsffFinding[]): Promise<readonly RefusedFinding[]> {
    await this.#pace();
    try {
      return await this.#hub.import(batch);
    } catch (error) {
      if (!(error instanceof FindingsHubError)) throw error;
      return batch.map(({ Id }) => ({
        ...refused(Id, error.reason, error.message),
        retryable: error.retryable,
      }));
    }
  }

  async #pace(): Promise<void> {
    const waitMs = this.#nextAt - this.#clock.now();
    if (waitMs > 0) await this.#clock.pause(waitMs);
    this.#nextAt = this.#clock.now() + APART_MS;
  }
}

const refused = (id: string, code: string, message: string): RefusedFinding => ({
  id,
  code,
  message,
  retryable: false,
});

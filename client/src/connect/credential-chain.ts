import type { SecretValue } from '../cache/secret-value.ts';
import { isReadError } from '../errors.ts';
import { type Candidate, ofCurrent, ofPending } from './credentials.ts';

/** Rest of a refused version before it is tried again, in milliseconds. */
export const REST_MS = 5_000;

/** Pause after a search that found nothing, where AWSPENDING may be read; it doubles. */
const PAUSE_MS = 2_000;
/** The same where only AWSCURRENT may be read. */
const PAUSE_WITHOUT_PENDING_MS = 500;
const LONGEST_PAUSE_MS = 8_000;

/** Reads the secret: from the cache, or from its source. */
export interface SecretReader {
  cached(): Promise<SecretValue>;
  fresh(): Promise<SecretValue>;
  pending(): Promise<SecretValue>;
}

/** Something that a chain did, without any value. */
export type ChainEvent =
  /** AWSPENDING is used in the place of AWSCURRENT. */
  | { readonly type: 'pending-used'; readonly versionId: string }
  /** AWSPENDING may not be read, so that nothing can be done between setSecret and finishSecret. Reported once. */
  | { readonly type: 'pending-denied' };

/**
 * Chooses the credential of one secret to try next: AWSCURRENT from the cache, AWSCURRENT read again, AWSPENDING. One
 * that worked in the place of AWSCURRENT is used until AWSCURRENT moves; one that was refused rests.
 */
export class CredentialChain {
  readonly #restsUntil = new Map<string, number>();
  readonly #report: (event: ChainEvent) => void;
  readonly #secretKeys: readonly string[];
  /** AWSPENDING in the place of AWSCURRENT. */
  #chosen: Candidate | undefined;
  /** Whether the cached AWSCURRENT may be older than what was refused. */
  #doubt = false;
  #search: Promise<Candidate | undefined> | undefined;
  #searchAfter = 0;
  #pause = 0;
  #pendingDenied = false;

  constructor(secretKeys: readonly string[], report: (event: ChainEvent) => void) {
    this.#secretKeys = secretKeys;
    this.#report = report;
  }

  /** Returns the credential to try now; undefined while every known one rests. */
  async next(reader: SecretReader): Promise<Candidate | undefined> {
    const current = await reader.cached();
    const chosen = this.#chosen;
    if (chosen !== undefined && chosen.insteadOf !== current.VersionId) this.#chosen = undefined;
    else if (chosen !== undefined && !this.#rests(chosen.versionId)) return chosen;
    if (!this.#doubt && !this.#rests(current.VersionId)) return ofCurrent(current);
    if (this.#search === undefined && performance.now() < this.#searchAfter) return undefined;
    this.#search ??= this.#look(reader, current).finally(() => {
      this.#search = undefined;
    });
    return this.#search;
  }

  /** Returns the time of the next possible try, by the clock that nobody sets: that of `performance.now()`. */
  nextAt(): number {
    const now = performance.now();
    const times = [...this.#restsUntil.values(), this.#searchAfter].filter((at) => at > now);
    return times.length === 0 ? now : Math.min(...times);
  }

  /** Whether AWSPENDING is used in the place of AWSCURRENT. */
  usesPending(): boolean {
    return this.#chosen !== undefined;
  }

  /** A version logged in. */
  worked({ versionId }: Candidate): void {
    this.#restsUntil.delete(versionId);
    this.#pause = 0;
  }

  /** A version was refused: it rests, and the next one is looked for. */
  refused({ versionId }: Candidate): void {
    const now = performance.now();
    for (const [version, until] of this.#restsUntil) if (until <= now) this.#restsUntil.delete(version);
    this.#restsUntil.set(versionId, now + REST_MS);
    if (this.#chosen?.versionId !== versionId) return;
    this.#chosen = undefined;
    this.#doubt = true;
  }

  /** Whether a rotation is under way, as far as may be seen. */
  async isRotating(reader: SecretReader): Promise<boolean> {
    const pending = await this.#pending(reader);
    return pending !== undefined && pending.VersionId !== (await reader.cached()).VersionId;
  }

  #rests(versionId: string): boolean {
    return (this.#restsUntil.get(versionId) ?? 0) > performance.now();
  }

  async #look(reader: SecretReader, cached: SecretValue): Promise<Candidate | undefined> {
    const fresh = await reader.fresh().catch(() => cached);
    this.#doubt = false;
    const found = this.#rests(fresh.VersionId) ? await this.#inItsPlace(reader, fresh) : ofCurrent(fresh);
    const first = this.#pendingDenied ? PAUSE_WITHOUT_PENDING_MS : PAUSE_MS;
    this.#pause = found === undefined ? Math.min(LONGEST_PAUSE_MS, this.#pause * 2 || first) : 0;
    this.#searchAfter = performance.now() + this.#pause;
    return found;
  }

  async #inItsPlace(reader: SecretReader, current: SecretValue): Promise<Candidate | undefined> {
    const value = await this.#pending(reader);
    const pending = value && ofPending(current, value, this.#secretKeys);
    if (pending === undefined || this.#rests(pending.versionId)) return undefined;
    this.#report({ type: 'pending-used', versionId: pending.versionId });
    this.#chosen = pending;
    return pending;
  }

  /** AWSPENDING; undefined when there is none, when it has no value yet, or when it cannot be read. */
  async #pending(reader: SecretReader): Promise<SecretValue | undefined> {
    try {
      return await reader.pending();
    } catch (error) {
      if (!isReadError(error)) throw error;
      const denied = error.reason === 'denied';
      if (denied && !this.#pendingDenied) this.#report({ type: 'pending-denied' });
      this.#pendingDenied = denied;
      return undefined;
    }
  }
}

import { SECOND } from '../../../calendar/instant.ts';
import type { AsffFinding } from '../../domain/report-format/asff-shape.ts';
import type { Clock } from '../../ports/clock.ts';
import { type FindingsHub, FindingsHubError, type RefusedFinding } from '../../ports/report/findings-hub.ts';

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

import { SECOND } from '../../../calendar/instant.ts';
import { plural } from '../../../calendar/plural.ts';
import type { Uncovered } from '../../domain/report/audit-report.ts';
import { HUB_CONTROL_IDS } from '../../domain/report/control.ts';
import { observed, unknown } from '../../domain/report/figure.ts';
import type { SecretAudit } from '../../domain/report/secret-audit.ts';
import type { Target } from '../../domain/secret/secret.ts';
import type { Clock } from '../../ports/clock.ts';
import {
  FindingsHubError,
  type HubControls,
  type HubVerdicts,
  MOST_ASKED,
  READS_APART_MS,
} from '../../ports/report/findings-hub.ts';

/** The part of a target that Security Hub left unknown, so that another invocation can go on. */
export interface HubProgress {
  /** Secrets about which it did not answer. */
  readonly unanswered: number;
  /** The first reason why it did not. */
  readonly because: string | undefined;
  /** Whether it refused for good, and is not asked again. */
  readonly isRefused: boolean;
}

/** Dependencies of questions to Security Hub. */
interface HubAsking {
  readonly clock: Clock;
  readonly hub: HubControls;
  /** The part that earlier invocations left unknown; undefined at the beginning. */
  readonly progress: HubProgress | undefined;
  /** Operation → calls, added up over all targets. */
  readonly calls: Record<string, number>;
  /** Receives the first error that leaves results unknown, and the one by which Security Hub refuses for good. */
  readonly onNoHub: ((error: FindingsHubError) => void) | undefined;
}

/** Tries of one question; what is throttled or broken for a moment passes later. */
const TRIES = 3;
/** Pause before another try. */
const RETRY_MS: number = SECOND;
/** The call in the calls of a report. */
const CALL = 'securityhub:GetFindings';

/** Security Hub's answer about one secret: control → result, or the reason why there is none. */
type HubAnswer = { readonly results: Readonly<Record<string, string>> } | { readonly because: string };

/** The results of Security Hub's own controls in one target. */
export class HubResults {
  readonly #asking: HubAsking;
  #progress: HubProgress;
  #hasAsked = false;
  #tries = TRIES;

  constructor(asking: HubAsking) {
    this.#asking = asking;
    this.#progress = asking.progress ?? { unanswered: 0, because: undefined, isRefused: false };
  }

  /** The part that is unknown, up to the secrets that were asked about last. */
  get progress(): HubProgress {
    return this.#progress;
  }

  /**
   * Asks about secrets as fast as Security Hub answers, and not again once it refuses. Where it does not answer, the
   * result is unknown for the secrets of that question alone.
   */
  async about(secretArns: readonly string[]): Promise<ReadonlyMap<string, HubAnswer>> {
    const found = new Map<string, HubAnswer>();
    for (let start = 0; start < secretArns.length; start += MOST_ASKED) {
      const asked = secretArns.slice(start, start + MOST_ASKED);
      const answer = await this.#answer(asked);
      for (const arn of asked)
        found.set(arn, 'because' in answer ? answer : { results: answer.verdicts.get(arn) ?? {} });
    }
    return found;
  }

  /** The unknown part as reports have it. */
  gaps({ account, region }: Target): readonly Uncovered[] {
    const { unanswered, because } = this.#progress;
    if (because === undefined) return [];
    const what = `Security Hub's own results for ${plural(unanswered, 'secret')} in ${account} ${region}.`;
    return [{ what, because }];
  }

  async #answer(
    asked: readonly string[],
  ): Promise<{ readonly verdicts: HubVerdicts } | { readonly because: string }> {
    const { isRefused, because = '' } = this.#progress;
    if (isRefused) {
      this.#progress = { ...this.#progress, unanswered: this.#progress.unanswered + asked.length };
      return { because };
    }
    try {
      const verdicts = await this.#ask(asked, this.#tries);
      this.#tries = TRIES;
      return { verdicts };
    } catch (error) {
      if (!(error instanceof FindingsHubError)) throw error;
      return { because: this.#without(error, asked.length) };
    }
  }

  async #ask(asked: readonly string[], tries: number): Promise<HubVerdicts> {
    const { clock, hub, calls } = this.#asking;
    if (this.#hasAsked) await clock.pause(READS_APART_MS);
    this.#hasAsked = true;
    try {
      return await hub.verdicts(asked, () => {
        calls[CALL] = (calls[CALL] ?? 0) + 1;
      });
    } catch (error) {
      if (!(error instanceof FindingsHubError) || !error.retryable || tries === 1) throw error;
      await clock.pause(RETRY_MS);
      return this.#ask(asked, tries - 1);
    }
  }

  /** Notes a question without an answer. During an outage the next ones are tried once each, so that it costs little. */
  #without(error: FindingsHubError, secrets: number): string {
    const { unanswered, because: first } = this.#progress;
    const because = `${error.message}.`;
    if (first === undefined || !error.retryable) this.#asking.onNoHub?.(error);
    this.#tries = 1;
    this.#progress = {
      unanswered: unanswered + secrets,
      because: error.retryable ? (first ?? because) : because,
      isRefused: !error.retryable,
    };
    return because;
  }
}

/** Puts Security Hub's own results beside the verdicts of a row. */
export const withHub = (row: SecretAudit, answer: HubAnswer): SecretAudit => ({
  ...row,
  controls: row.controls.map((verdict) => {
    if (!HUB_CONTROL_IDS.includes(verdict.control)) return verdict;
    if ('because' in answer) return { ...verdict, securityHub: unknown(answer.because) };
    const result = answer.results[verdict.control];
    return { ...verdict, securityHub: result === undefined ? NO_FINDING : observed(result) };
  }),
});

const NO_FINDING = unknown<string>('Security Hub has no active finding of this control about it.');

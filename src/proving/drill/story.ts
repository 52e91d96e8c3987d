import { DAY, type Instant } from '../../calendar/instant.ts';
import type { StageChange } from '../../simulator/secrets-manager/store/secret-history.ts';
import type { Email } from '../../simulator/sns/delivery.ts';
import type { StepDone } from '../operator/operator.ts';
import type { Done } from '../scenario/timeline.ts';

/** Something that happens in a drill, as the story reports it. */
export type StoryItem = { readonly at: Instant } & (
  | { readonly kind: 'rotated'; readonly secret: string; readonly frequent: number }
  | {
      readonly kind: 'attempt-failed';
      readonly secret: string;
      readonly attempt: number;
      readonly versionId: string;
      readonly step: string | undefined;
    }
  | { readonly kind: 'mail'; readonly email: Email }
  | { readonly kind: 'done'; readonly done: Done }
  | { readonly kind: 'advice'; readonly secret: string; readonly steps: readonly StepDone[] }
);

/** Receives the items of the story, in order of time. */
export type StoryListener = (item: StoryItem) => void;

/** Returns the additions to a secret's history since the last call. */
export class HistoryReader {
  readonly #secret: string;
  #read = 0;
  /** Number of rotations in a row that came within a day of the one before. */
  #frequent = 0;
  #attempts = { versionId: '', failed: 0 };

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** The news in a history that has only grown. */
  news(history: readonly StageChange[]): readonly StoryItem[] {
    const items = history.slice(this.#read).flatMap((change, index) => {
      const before = history[this.#read + index - 1];
      return this.#item(before, change) ?? [];
    });
    this.#read = history.length;
    return items;
  }

  #item(before: StageChange | undefined, change: StageChange): StoryItem | undefined {
    if (change.failure !== undefined) return this.#failed(change);
    if (before === undefined || change.lastRotatedAt === before.lastRotatedAt) return undefined;
    if (change.lastRotatedAt === undefined) return undefined;
    const sinceLast = change.lastRotatedAt - (before.lastRotatedAt ?? Number.NEGATIVE_INFINITY);
    this.#frequent = sinceLast < DAY ? this.#frequent + 1 : 0;
    return { at: change.at, kind: 'rotated', secret: this.#secret, frequent: this.#frequent };
  }

  #failed({ at, failedVersionId: versionId = '', failedStep }: StageChange): StoryItem {
    const failed = versionId === this.#attempts.versionId ? this.#attempts.failed : 0;
    this.#attempts = { versionId, failed: failed + 1 };
    const attempt = this.#attempts.failed;
    return { at, kind: 'attempt-failed', secret: this.#secret, attempt, versionId, step: failedStep };
  }
}

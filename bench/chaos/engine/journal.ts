import { isOpen } from '../../../src/domain/alert/alert.ts';
import type { Notification } from '../../../src/domain/alert/notification.ts';
import type { Evidence } from '../../../src/domain/evidence.ts';
import type { Instant } from '../../../src/domain/instant.ts';
import type { SecretState } from '../../../src/domain/secret-state.ts';

/** Something that the monitor stored to be said. */
export interface Said {
  readonly notification: Notification;
  /** What the monitor knew when it decided so. */
  readonly evidence: readonly Evidence[];
  /** When each e-mail that tells it arrived. */
  readonly toldAt: Instant[];
}

/** What the monitor decided to say, as its writes to the table show it. */
export class Journal {
  readonly #said = new Map<string, Said>();
  readonly #bySecret = new Map<string, Said[]>();
  readonly #latest = new Map<string, SecretState>();

  /** Takes in a state that was written. */
  note(state: SecretState): void {
    this.#latest.set(state.subject, state);
    for (const notification of state.outbox) {
      if (this.#said.has(notification.id)) continue;
      const said = { notification, evidence: state.evidence, toldAt: [] };
      this.#said.set(notification.id, said);
      this.#bySecret.set(state.subject, [...this.of(state.subject), said]);
    }
  }

  /** What was decided about one secret, in order. */
  of(subject: string): readonly Said[] {
    return this.#bySecret.get(subject) ?? [];
  }

  /** Everything, in the order in which it was decided. */
  all(): readonly Said[] {
    return [...this.#said.values()];
  }

  /** What was last told about an open alert of a secret. */
  openAlert(arn: string, now: Instant): Notification | undefined {
    const open = new Set(
      this.#latest
        .get(arn)
        ?.alerts.filter(isOpen)
        .map(({ fingerprint }) => fingerprint),
    );
    if (open.size === 0) return undefined;
    return this.of(arn).findLast(
      ({ notification: { fingerprint, transition, notBefore } }) =>
        open.has(fingerprint) && TELLING.includes(transition) && notBefore <= now,
    )?.notification;
  }

  /** The states as they were written last. */
  states(): readonly SecretState[] {
    return [...this.#latest.values()];
  }
}

/** Transitions by which people hear that something is wrong. */
export const TELLING: readonly string[] = ['opened', 'rose', 'repeated', 'escalated'];

import type { Instant } from '../../../src/calendar/instant.ts';
import { isOpen } from '../../../src/monitor/domain/alert/alert.ts';
import type { Notification } from '../../../src/monitor/domain/alert/notification.ts';
import type { Evidence } from '../../../src/monitor/domain/rotation/evidence.ts';
import type { SecretState } from '../../../src/monitor/domain/state/secret-state.ts';

/** Something that the monitor stored to be said. */
export interface Said {
  readonly notification: Notification;
  /** Whether the monitor knew then of a failure at or after setSecret, of the version it is about, since the last success. */
  readonly knewOfSet: boolean;
  /** When it left the outbox; undefined while it is there. */
  clearedAt: Instant | undefined;
  /** When each e-mail that tells it arrived; the judgement fills it in. */
  readonly toldAt: Instant[];
}

/** What the monitor decided to say, as its writes to the table show it. */
export class Journal {
  readonly #said = new Map<string, Said>();
  readonly #bySecret = new Map<string, Said[]>();
  readonly #latest = new Map<string, SecretState>();

  /** Takes in a state that was written. */
  note(state: SecretState, now: Instant): void {
    const left = new Set(state.outbox.map(({ id }) => id));
    for (const { id } of this.#latest.get(state.subject)?.outbox ?? []) {
      const said = this.#said.get(id);
      if (said !== undefined && !left.has(id)) said.clearedAt = now;
    }
    this.#latest.set(state.subject, state);
    for (const notification of state.outbox) {
      if (this.#said.has(notification.id)) continue;
      const knewOfSet = reachedSet(state.evidence, notification.finding.pendingVersionId);
      const said: Said = { notification, knewOfSet, clearedAt: undefined, toldAt: [] };
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

  /** The codes under which open alerts of a secret were last told. */
  openCodes(arn: string): ReadonlySet<string> {
    const alerts = this.#latest.get(arn)?.alerts.filter(isOpen) ?? [];
    return new Set(alerts.flatMap(({ toldCode }) => toldCode ?? []));
  }
}

function reachedSet(evidence: readonly Evidence[], versionId: string | undefined): boolean {
  const success = evidence.findLastIndex(({ kind }) => kind === 'rotation-succeeded');
  return evidence
    .slice(success + 1)
    .filter((each) => versionId === undefined || (each.versionId ?? versionId) === versionId)
    .some(({ step }) => step !== undefined && step !== 'createSecret');
}

/** Transitions by which people hear that something is wrong. */
export const TELLING: readonly string[] = ['opened', 'rose', 'repeated', 'escalated'];

/** Whether people hear by it that something is wrong. */
export const isTelling = ({ notification }: Said): boolean => TELLING.includes(notification.transition);

/** Whether a transition is news, and no repeat. */
export const isNews = (transition: string): boolean => ['opened', 'rose', 'escalated'].includes(transition);

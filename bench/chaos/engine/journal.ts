import type { Instant } from '../../../src/calendar/instant.ts';
import { isOpen } from '../../../src/monitor/domain/alert/alert.ts';
import type { Evidence } from '../../../src/monitor/domain/rotation/evidence.ts';
import type { SecretState } from '../../../src/monitor/domain/state/secret-state.ts';
import type { Said } from '../../../src/proving/court/told/said.ts';

/** The decided notifications of the monitor, as its writes to the table show them. */
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

  /** Returns the decided notifications about one secret, in order. */
  of(subject: string): readonly Said[] {
    return this.#bySecret.get(subject) ?? [];
  }

  /** Everything, in the order in which it was decided. */
  all(): readonly Said[] {
    return [...this.#said.values()];
  }

  /** The codes under which open alerts of a secret were last reported. */
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

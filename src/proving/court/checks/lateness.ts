import { type Instant, later, MINUTE, SECOND } from '../../../calendar/instant.ts';
import { heldUntil } from '../told/groups.ts';
import { isTelling, type Said } from '../told/said.ts';
import type { Condition } from '../truth/ground-truth.ts';
import { type Breach, type Case, wasDisturbed } from './case.ts';

/** Longest delay of an alert after its threshold, where events arrive and the monitor asks to be woken. */
const PROMPT_MS: number = 90 * SECOND;
/** An event that took no longer was not delayed: it waits at most for the runs before it. */
const UNDELAYED_MS: number = 15 * SECOND;

/** The e-mail about a stuck version, and its delay. */
export interface StuckTelling {
  readonly secret: string;
  readonly versionId: string;
  /** Time its threshold passed. */
  readonly dueAt: Instant;
  /** From the threshold to the e-mail, in milliseconds. */
  readonly latenessMs: number;
  /** Whether all events of its rotation had arrived undelayed, and nothing was killed on the way. */
  readonly isUndisturbed: boolean;
}

/**
 * Returns the delay of each stuck version that needed an e-mail of its own: neither held for its group nor reported
 * before.
 */
export const stuckTellings = (each: Case): readonly StuckTelling[] =>
  each.conditions.filter(({ code }) => code === 'stuck-pending').flatMap((stuck) => tellingOf(each, stuck));

function tellingOf(
  each: Case,
  { tellableAt: dueAt, versionId, until, silences }: Condition,
): readonly StuckTelling[] {
  const about = each.said.filter(
    (said) => isTelling(said) && said.notification.finding.pendingVersionId === versionId,
  );
  const first = about.find(isGrave);
  const [toldAt] = first?.toldAt ?? [];
  if (first === undefined || toldAt === undefined || versionId === undefined) return [];
  const { at, notBefore } = first.notification;
  const isEarly = at < dueAt;
  const isOver = until !== undefined && until <= dueAt + PROMPT_MS;
  if (isEarly || isOver || heldUntil(first, each.groups) > notBefore) return [];
  const isSilenced = silences.some((silence) => silence.from <= at && (silence.until ?? dueAt) >= dueAt);
  if (isSilenced || inhibited(each, dueAt, versionId)) return [];
  const latenessMs = toldAt - dueAt;
  const isUndisturbed =
    allArrived(each, dueAt, versionId) && !wasDisturbed(each.run, later(dueAt, -2 * MINUTE), toldAt);
  return [{ secret: each.secret.name, versionId, dueAt, latenessMs, isUndisturbed }];
}

const isGrave = ({ notification: { severity } }: Said): boolean =>
  severity === 'HIGH' || severity === 'CRITICAL';

/** Something graver about the secret stood in the way when the threshold passed. */
const inhibited = ({ conditions }: Case, dueAt: Instant, versionId: string): boolean =>
  conditions.some(
    (other) =>
      (other.code === 'rotation-cancelled' ||
        (other.code === 'pending-abandoned' && other.versionId !== versionId)) &&
      other.since <= dueAt &&
      (other.until ?? dueAt) >= dueAt,
  );

/** The start of the rotation and each failure up to the threshold came, and none of them late. */
function allArrived({ run, lives }: Case, dueAt: Instant, versionId: string): boolean {
  const life = lives.find((each) => each.versionId === versionId);
  const failures = life?.failures.filter(({ at }) => at < dueAt).length ?? 0;
  const arrived = run.arrivedOf(versionId).filter(({ happenedAt }) => happenedAt < dueAt);
  const prompt = arrived.filter(({ arrivedAt, happenedAt }) => arrivedAt - happenedAt <= UNDELAYED_MS);
  const count = (name: string): number => prompt.filter(({ eventName }) => eventName === name).length;
  return (
    count('RotationStarted') === 1 && count('RotationFailed') >= failures && prompt.length === arrived.length
  );
}

/** Stuck versions that were reported late although everything needed to be prompt had come. */
export const lateTellings = (each: Case): readonly Breach[] =>
  each.run.setsDeadlines
    ? stuckTellings(each)
        .filter(({ isUndisturbed, latenessMs }) => isUndisturbed && latenessMs > PROMPT_MS)
        .map(({ secret, versionId, dueAt, latenessMs }) => ({
          kind: 'told late',
          secret,
          at: dueAt,
          text: `stuck-pending of ${versionId} told ${latenessMs / SECOND} s after its threshold`,
        }))
    : [];

import { type Said, TELLING } from '../told/said.ts';
import { type Condition, heldAt } from '../truth/truth.ts';
import type { Breach, Case } from './case.ts';

/**
 * Returns every statement of an alert that did not hold when its source was read, which may be old; this includes
 * statements that a condition is over.
 */
export const untrue = (each: Case): readonly Breach[] =>
  each.said
    .filter((said) => said.notification.code !== 'unverifiable' && !isTrue(each, said))
    .map(({ notification: { at, transition, finding, code } }) => ({
      kind: transition === 'resolved' ? 'untrue resolution' : 'untrue finding',
      secret: each.secret.name,
      at,
      text: `${transition} ${code}: ${finding.what}`,
    }));

function isTrue({ conditions, seen, run: { describeStaleMaxMs } }: Case, said: Said): boolean {
  const { notification } = said;
  const { at, code, finding, transition } = notification;
  const { pendingVersionId: versionId } = finding;
  if (TELLING.includes(transition) || transition === 'silenced') {
    return seen.some((each) => heldAt(each, at, describeStaleMaxMs) && isOf(each, code, versionId));
  }
  const held = conditions.filter(
    (condition) => heldAt(condition, at) && condition.since <= at - describeStaleMaxMs,
  );
  return !held.some((each) =>
    versionId === undefined
      ? each.code === code
      : each.versionId === versionId && each.tellableAt < at && isKnowable(each, said),
  );
}

/**
 * Whether the monitor could know the condition: failures alone show that setSecret had begun on a version that was
 * given up, and a function that hangs reports none.
 */
const isKnowable = ({ code }: Condition, { knewOfSet }: Said): boolean =>
  code !== 'pending-abandoned' || knewOfSet;

/** About the same pending version; or, for findings about no version, under the same code. */
const isOf = (condition: Condition, code: string, versionId: string | undefined): boolean =>
  condition.code === code && (versionId === undefined || condition.versionId === versionId);

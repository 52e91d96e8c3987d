import { DAY, HOUR, type Instant, later } from '../../../calendar/instant.ts';
import type { TimeSpan } from '../../../calendar/time-span.ts';
import { beginning } from '../../domain/detect/pending-sight.ts';
import type { Evidence } from '../../domain/rotation/evidence.ts';
import { evidenceOf } from '../../domain/rotation/evidence-of.ts';
import type { SecretReference } from '../../domain/rotation/rotation-event.ts';
import { existed, type Secret } from '../../domain/secret/secret.ts';
import { pendingApart } from '../../domain/secret/version-stage.ts';
import type { SecretState } from '../../domain/state/secret-state.ts';
import { type EventHistory, EventHistoryError } from '../../ports/look/event-history.ts';
import type { Service } from '../service.ts';

/** Parts of the service that look for lost events. */
export type FindingLost = Pick<Service, 'history' | 'parseEvent' | 'clock' | 'log'>;

/** A secret that looks wrong. */
export interface Suspected {
  readonly secret: Secret;
  /** The stored state of the secret, where it has an open alert. */
  readonly known: SecretState | undefined;
  /** The evidence that this sweep has found about it. */
  readonly evidence: readonly Evidence[];
}

/** Finds the evidence about a secret that CloudTrail has recorded, whether or not its events arrived. */
export type FindLostEvidence = (suspect: Suspected) => Promise<readonly Evidence[]>;

/** Events that a finding can rest on. */
const EVENT_NAMES = ['RotationFailed', 'RotationAbandoned', 'CancelRotateSecret'] as const;
/** Questions of one sweep: fifty records each. */
const MOST_QUESTIONS = 10;
/**
 * A rotation that has been pending for longer is hardly ever tried again: attempts end after about a day. Records show
 * later than the usual minutes when CloudTrail is in trouble, and sweeps may be missed.
 */
const TRIED_FOR_MS: number = 2 * DAY;
/** Facts about other versions are over so soon; the sweeps before had received them. */
const HEARD_OF_MS: number = 2 * HOUR;

/** One for all secrets of a sweep: the history is asked once, and not before a secret looks wrong. */
export function lostEvidence(service: FindingLost): FindLostEvidence {
  let asked: Promise<readonly Found[]> | undefined;
  return async (suspect) => {
    const now = service.clock.now();
    if (!isWorthAsking(suspect, now)) return [];
    asked ??= askHistory(service);
    const found = (await asked).filter((each) => isAbout(each, suspect.secret));
    return found.map(({ fact }) => fact).filter((fact) => bears(fact, suspect, now));
  };
}

interface Found {
  readonly about: SecretReference;
  readonly fact: Evidence;
}

async function askHistory(service: FindingLost): Promise<readonly Found[]> {
  const until = service.clock.now();
  try {
    return await foundIn(service, { from: later(until, -TRIED_FOR_MS), until });
  } catch (error) {
    if (!(error instanceof EventHistoryError)) throw error;
    const { reason } = error;
    service.log({ level: 'warn', message: 'Cannot look for lost events', details: { reason } });
    return [];
  }
}

/** The facts about one secret that CloudTrail has recorded in a span; fails with an EventHistoryError. */
export const recordedEvidence = async (
  service: FindingLost,
  secret: Secret,
  span: TimeSpan,
): Promise<readonly Evidence[]> =>
  (await foundIn(service, span)).filter((each) => isAbout(each, secret)).map(({ fact }) => fact);

async function foundIn({ history, parseEvent, log }: FindingLost, span: TimeSpan): Promise<readonly Found[]> {
  if (history === undefined) return [];
  const { envelopes, isWhole } = await recorded(history, span);
  if (!isWhole) log({ level: 'warn', message: 'Lost events were looked for in part only' });
  return envelopes.flatMap((envelope) => {
    const event = parseEvent(envelope);
    const fact = 'reason' in event ? undefined : evidenceOf(event);
    return fact !== undefined && 'secret' in event ? [{ about: event.secret, fact }] : [];
  });
}

/**
 * Returns the records under each event name, newest first; reads a page of each in turn, within the limit of requests.
 */
async function recorded(
  history: EventHistory,
  span: TimeSpan,
): Promise<{ readonly envelopes: readonly unknown[]; readonly isWhole: boolean }> {
  const envelopes: unknown[] = [];
  let open: readonly { readonly name: string; readonly page?: string }[] = EVENT_NAMES.map((name) => ({
    name,
  }));
  for (let asked = 0; open.length > 0; asked++) {
    const [first, ...others] = open;
    if (asked === MOST_QUESTIONS || first === undefined) return { envelopes, isWhole: false };
    const { found, next } = await history.envelopes(first.name, span, first.page);
    envelopes.push(...found);
    open = next === undefined ? others : [...others, { name: first.name, page: next }];
  }
  return { envelopes, isWhole: true };
}

/** A rotation under way may have failed, and whoever switched one off has a name; nothing else needs a lost event. */
function isWorthAsking({ secret, known, evidence }: Suspected, now: Instant): boolean {
  if (evidence.length > 0) return true;
  if (pendingApart(secret.versionStages) === undefined) return false;
  return now - pendingSince(known, now) < TRIED_FOR_MS;
}

const pendingSince = (known: SecretState | undefined, now: Instant): Instant =>
  known?.pending === undefined ? now : beginning(known.pending).since;

/**
 * Whether a fact can say anything new: by its version, or because it is no older than the version or the last sweeps.
 */
function bears(fact: Evidence, { secret, known }: Suspected, now: Instant): boolean {
  const pending = pendingApart(secret.versionStages);
  if (pending !== undefined && fact.versionId === pending) return true;
  return fact.at >= Math.min(pendingSince(known, now), now - HEARD_OF_MS);
}

/** A caller may have named the secret by its name or by an ARN without the suffix, as one that is gone was named. */
function isAbout({ about, fact }: Found, secret: Secret): boolean {
  const { arn, name } = secret;
  if (about.kind === 'arn') return about.arn === arn;
  if (about.id === arn) return true;
  return (about.id === name || `${about.id}-` === arn.slice(0, -6)) && existed(secret, fact.at);
}

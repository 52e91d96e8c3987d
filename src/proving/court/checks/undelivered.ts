import { type Instant, instant, later, MINUTE } from '../../../calendar/instant.ts';
import { heldUntil } from '../told/groups.ts';
import type { Said } from '../told/said.ts';
import { type Breach, type Case, type JudgedRun, recoveredAt, wasKilled } from './case.ts';
import { isSpared } from './spared.ts';

/** From the moment it may be sent to the inbox: a lease in the way, a message of the queue that comes back. */
const DELIVERY_MS: number = 2 * MINUTE;

/** Each decision that never became an e-mail, or too late. */
export const undelivered = ({ run, secret, said, groups }: Case): readonly Breach[] =>
  said.flatMap((each) => {
    const fault = faultOf(run, each, { said, groups });
    const { at, transition, code } = each.notification;
    const text = `${transition} ${code} ${fault}`;
    return fault === undefined ? [] : [{ kind: 'lost notification', secret: secret.name, at, text }];
  });

function faultOf(run: JudgedRun, each: Said, { said, groups }: Pick<Case, 'said' | 'groups'>) {
  const [first] = each.toldAt;
  if (first === undefined && each.clearedAt !== undefined) {
    return isSpared(each, { said, groups }) ? undefined : `left the outbox unsaid at ${iso(each.clearedAt)}`;
  }
  const latest = latestAt(run, each, heldUntil(each, groups));
  if (first === undefined) return latest < run.endsAt ? 'was never sent' : undefined;
  return first > latest ? `was sent ${iso(first)}, after ${iso(latest)}` : undefined;
}

/** What waits on purpose, was interrupted by a kill, or belongs to the digest of the first sweep is left to the next sweep. */
function latestAt(run: JudgedRun, { notification }: Said, heldTo: Instant): Instant {
  const prompt = later(heldTo, DELIVERY_MS);
  const isHeld = heldTo > notification.notBefore;
  const isInterrupted = wasKilled(run, notification.at, prompt);
  const sweeps = (isHeld || notification.baseline ? 1 : 0) + (isInterrupted ? 1 : 0);
  const usual = later(prompt, sweeps * (run.sweepEveryMs + DELIVERY_MS));
  return instant(Math.max(usual, recoveredAt(run, run.outages, notification.at, usual)));
}

const iso = (at: Instant): string => new Date(at).toISOString();

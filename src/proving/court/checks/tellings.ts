import { type Instant, instant, later } from '../../../calendar/instant.ts';
import { ABOUT_PENDING, isNews, type Read, type Said } from '../told/said.ts';
import { type Breach, type JudgedRun, wasDisturbed } from './case.ts';

/** The judgement of a run's e-mails. */
export interface Tellings {
  /** E-mails without any decision behind them, and second ones that no kill explains. */
  readonly breaches: readonly Breach[];
  /** Second e-mails about one thing, after a kill. */
  readonly duplicates: number;
}

/**
 * Finds for each e-mail the decisions that it carries and notes its time there. Time stands still while a run works, so
 * that the contents of a message leave the outbox at the very moment of the message, unless the run dies between the
 * two.
 */
export function tellings(run: JudgedRun): Tellings {
  for (const { toldAt } of run.said) toldAt.length = 0;
  const found = run.told.map((alert) => tell(run, alert));
  tellCutLists(run);
  return {
    breaches: found.flatMap(({ breach }) => breach ?? []),
    duplicates: found.filter(({ again }) => again).length,
  };
}

function tell(run: JudgedRun, alert: Read): { readonly breach?: Breach; readonly again: boolean } {
  const at = alert.arrivedAt;
  const meant = meantBy(run, alert);
  const text = `${alert.transition} ${alert.code}: "${alert.subject}"`;
  const breach = { secret: alert.secretName, at, text };
  if (meant.length === 0) return { breach: { ...breach, kind: 'told of nothing' }, again: false };
  const before = meant.flatMap(({ toldAt }) => toldAt);
  for (const { toldAt } of meant) toldAt.push(at);
  if (before.length === 0 || meant.some(({ toldAt }) => toldAt.length === 1)) return { again: false };
  const excused = wasDisturbed(run, instant(Math.min(...before)), at, 'deliver');
  return excused ? { again: true } : { breach: { ...breach, kind: 'duplicate' }, again: false };
}

/**
 * Returns the decisions that an e-mail carries: those that left the outbox with it, else those that wait, else those
 * that were sent a moment ago and that a lagging index still shows.
 */
function meantBy({ indexLagMaxMs, ...run }: JudgedRun, alert: Read): readonly Said[] {
  const at = alert.arrivedAt;
  const decided = run.saidOf(alert.secretArn).filter((said) => tells(alert, said));
  const waiting = decided.filter((said) => waits(said, at));
  const gone = waiting.filter(({ clearedAt }) => clearedAt === at);
  if (gone.length > 0) return gone;
  if (waiting.length > 0) return waiting;
  return decided.filter(
    ({ clearedAt, toldAt }) =>
      clearedAt !== undefined && clearedAt < at && at <= later(clearedAt, indexLagMaxMs) && toldAt.length > 0,
  );
}

/** In its outbox at a moment; it goes with the first of its group, even if its own time has not come. */
const waits = ({ notification, clearedAt }: Said, at: Instant): boolean =>
  notification.at <= at && (clearedAt === undefined || clearedAt >= at);

/** News of a group is one message, whatever each of it is; so are the ends of alerts about pending versions. */
const tells = ({ transition, code }: Read, { notification }: Said): boolean =>
  isLike(transition, notification.transition) &&
  (notification.code === code ||
    (transition === 'resolved' && [code, notification.code].every((each) => ABOUT_PENDING.includes(each))));

const isLike = (told: string, decided: string): boolean =>
  told === decided || (isNews(told) && isNews(decided));

/** A long list is cut with a count: as many as it counts were reported by it, though not by name. */
function tellCutLists(run: JudgedRun): void {
  const cut = run.emails.flatMap((email) => {
    const counts = [...email.message.matchAll(/^… and (\d+) more$/gm)].map(([, count]) => Number(count));
    return counts.length === 0 ? [] : [{ email, left: counts.reduce((sum, count) => sum + count, 0) }];
  });
  if (cut.length === 0) return;
  for (const { notification, clearedAt, toldAt } of run.said) {
    const list = cut.find(
      ({ email, left }) =>
        email.at === clearedAt &&
        isLike(email.attributes['transition'] ?? '', notification.transition) &&
        left > 0 &&
        toldAt.length === 0,
    );
    if (list === undefined) continue;
    list.left -= 1;
    toldAt.push(list.email.at);
  }
}

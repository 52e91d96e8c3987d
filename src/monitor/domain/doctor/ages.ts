import { formatDuration, HOUR, type Instant, MINUTE, SECOND } from '../../../calendar/instant.ts';
import { AUDIT_GRACE_MS } from '../report/audit-record.ts';
import type { Deployed } from './deployed.ts';
import { type Diagnosis, diagnosing } from './diagnosis.ts';

const sweeps = diagnosing('last-sweep');
const events = diagnosing('last-event');
const audits = diagnosing('last-audit');
const members = diagnosing('members');

/** The newest datapoint of a metric. */
export interface Datapoint {
  readonly at: Instant;
  readonly value: number;
}

/** A sweep may take as long as its interval, and metrics show some minutes late. */
const LATE_MS: number = 10 * MINUTE;

/** Whether sweeps still come to an end. */
export function sweepAgeDiagnosis(
  { sweepIntervalMs, name }: Pick<Deployed, 'sweepIntervalMs' | 'name'>,
  heartbeat: Datapoint | undefined,
  now: Instant,
): Diagnosis {
  const remedy = `Read its log: aws logs tail /aws/lambda/${name}-sweep --since 1h; docs/runbooks/alarms.md has the rest.`;
  if (heartbeat === undefined)
    return sweeps.fail(`${name}-sweep`, 'No sweep has been complete for 14 days.', remedy);
  const age = now - heartbeat.at;
  const what = `The last complete sweep ended ${formatDuration(Math.floor(age / MINUTE) * MINUTE)} ago.`;
  return age <= 3 * sweepIntervalMs + LATE_MS
    ? sweeps.ok(`${name}-sweep`, what)
    : sweeps.fail(`${name}-sweep`, what, remedy);
}

/** The canary rotates every four hours. */
const CANARY_SEEN_WITHIN_MS: number = 5 * HOUR;

/** Whether events still arrive: the canary's own, or none that a sweep missed. */
export function eventAgeDiagnosis(
  { hasCanary, name }: Pick<Deployed, 'hasCanary' | 'name'>,
  { received, missed }: { readonly received: Datapoint | undefined; readonly missed: Datapoint | undefined },
  now: Instant,
): Diagnosis {
  const subject = `${name}-on-rotation-event`;
  const remedy = 'Look at the lines about trail, rules and queues; docs/runbooks/alarms.md has the rest.';
  if (hasCanary && (received === undefined || now - received.at > CANARY_SEEN_WITHIN_MS))
    return events.fail(
      subject,
      received === undefined
        ? 'No event has arrived for 14 days.'
        : `The last event arrived ${formatDuration(now - received.at)} ago, and the canary rotates every 4 h.`,
      remedy,
    );
  if (missed !== undefined && missed.value > 0)
    return events.fail(subject, `Rotations of the last day of which no event came: ${missed.value}.`, remedy);
  return events.ok(
    subject,
    received === undefined
      ? 'No event has arrived for 14 days, and no rotation was missed.'
      : `The last event arrived ${formatDuration(Math.floor((now - received.at) / MINUTE) * MINUTE)} ago.`,
  );
}

/**
 * Whether scheduled audits still come to an end, by the newest `AuditAge` in seconds. Before the first audit that counts
 * from the deployment; sweeps report it on their first day at the latest.
 */
export function auditAgeDiagnoses(
  { auditEveryMs, name }: Pick<Deployed, 'auditEveryMs' | 'name'>,
  reported: Datapoint | undefined,
  now: Instant,
): readonly Diagnosis[] {
  if (auditEveryMs === undefined) return [];
  const subject = `${name}-audit`;
  if (reported === undefined) return [audits.ok(subject, 'No sweep has reported an overdue audit.')];
  const age = reported.value * SECOND + (now - reported.at);
  const shown = formatDuration(Math.floor(age / HOUR) * HOUR);
  if (age <= auditEveryMs + AUDIT_GRACE_MS)
    return [audits.ok(subject, `The last audit, or else the deployment, is ${shown} old.`)];
  const remedy = `Read its log: aws logs tail /aws/lambda/${subject} --since 1d; docs/runbooks/alarms.md has the rest.`;
  const due = `one is due every ${formatDuration(auditEveryMs)}`;
  return [audits.fail(subject, `No audit has completed for ${shown}, and ${due}.`, remedy)];
}

/** Whether every account and region that is watched was swept lately: its role could be assumed. */
export function memberDiagnosis(notSwept: Datapoint | undefined): Diagnosis {
  if (notSwept === undefined)
    return members.unknown(
      'members',
      'Whether members are swept is not known: no sweep has reported it lately.',
      'Look at the line about the last sweep.',
    );
  return notSwept.value === 0
    ? members.ok('members', 'Every member was swept lately.')
    : members.fail(
        'members',
        `Accounts and regions that are not swept: ${notSwept.value}.`,
        'The alert target-unreachable names them; docs/runbooks/target-unreachable.md says what to do.',
      );
}

import { formatDuration, formatInstant, type Instant } from '../../../calendar/instant.ts';
import { plural } from '../../../calendar/plural.ts';
import type { PendingVersion } from '../detect/detector.ts';
import { switchedOff } from '../detect/switched-off.ts';
import type { FunctionActivity, Unseen } from '../examine/function-inspection.ts';
import { lastRotation } from '../rotation/rotated-date.ts';
import { type ConsumerLease, unconfirmed } from '../secret/consumer-lease.ts';
import type { ReplicaSight } from '../secret/replica-sight.ts';
import { currentVersion } from '../secret/version-stage.ts';
import type { FunctionTrouble } from './function-trouble.ts';
import { isFullOfLabels } from './rescue-label.ts';
import type { Situation } from './situation.ts';

/** The facts a finding rests on, one sentence each. */
export const why = (situation: Situation, now: Instant): readonly string[] =>
  [
    stages(situation),
    labels(situation),
    pendingAge(situation, now),
    failed(situation),
    tested(situation),
    dates(situation),
    rotatedBy(situation),
    off(situation),
    silence(situation),
  ].filter((sentence) => sentence !== undefined);

function stages({ facts: { secret, pending }, versionId, isPending }: Situation): string {
  const current = currentVersion(secret.versionStages);
  const inUse = current === undefined ? 'No version is AWSCURRENT' : `AWSCURRENT is on version ${current}`;
  if (pending !== undefined) return `${inUse} and AWSPENDING on version ${pending.versionId}.`;
  if (versionId !== undefined && !isPending) {
    const own = secret.versionStages[versionId] ?? [];
    const carries = own.length === 0 ? 'no stage' : `only ${own.join(', ')}`;
    return `${inUse}; version ${versionId} carries ${carries}.`;
  }
  return `${inUse}; no other version is pending.`;
}

const labels = ({ facts: { secret } }: Situation): string | undefined =>
  isFullOfLabels(secret)
    ? 'All staging labels that a secret may have are in use, so Secrets Manager cannot stage another version.'
    : undefined;

const ORIGINS: Readonly<Record<PendingVersion['sinceFrom'], string>> = {
  created: "the version's creation date",
  started: 'the event of its start',
  'first-seen': 'the first check that found it, so it may be older',
};

function pendingAge({ facts: { pending, policy } }: Situation, now: Instant): string | undefined {
  if (pending === undefined) return undefined;
  const age = formatDuration(now - pending.since);
  return `It has been pending since ${formatInstant(pending.since)} (${age}; ${ORIGINS[pending.sinceFrom]}); the threshold is ${formatDuration(policy.stuckAfterMs)}.`;
}

function failed({
  failures,
  failureCount,
  isNotCreatedByFunction,
  step,
  reached,
}: Situation): string | undefined {
  const last = failures.at(-1);
  if (last === undefined) return remembered(failureCount, reached);
  const during =
    step === undefined
      ? 'No event names the step.'
      : `${reached === step ? 'The' : `It had reached ${reached}; the`} last step named is ${step}.`;
  const cause = isNotCreatedByFunction
    ? ' According to the event, the version was not created by the rotation function.'
    : '';
  return `${plural(failureCount, 'RotationFailed event')} arrived, the last at ${formatInstant(last.at)} (event ${last.id}). ${during}${cause}`;
}

/** Failures that are only counted any longer: other facts have taken their places. */
function remembered(failureCount: number, reached: Situation['reached']): string | undefined {
  if (failureCount === 0) return undefined;
  const where = reached === undefined ? 'no event named the step' : `it had reached ${reached}`;
  return `The rotation to it failed at least ${plural(failureCount, 'time')}; ${where}.`;
}

function tested({ finding, facts: { evidence } }: Situation): string | undefined {
  const last = evidence.findLast(({ kind }) => kind === 'test-rotation-failed');
  if (finding.code !== 'test-rotation-failed' || last === undefined) return undefined;
  return `TestRotationFailed arrived at ${formatInstant(last.at)} (event ${last.id}); no label was moved.`;
}

function dates({ facts: { secret, current } }: Situation): string | undefined {
  if (secret.rotationEnabled === undefined) return undefined;
  const lastAt = secret.lastRotatedAt ?? (secret.rotationEnabled ? undefined : lastRotation(current));
  // DescribeSecret shows no date while rotation is off.
  const none = secret.rotationEnabled ? 'never' : 'unknown while rotation is off';
  const last = lastAt === undefined ? none : `at ${formatInstant(lastAt)}`;
  const next = secret.nextRotationAt === undefined ? 'none' : `by ${formatInstant(secret.nextRotationAt)}`;
  return `Last rotated: ${last}; next rotation: ${next}; rotation is ${secret.rotationEnabled ? 'on' : 'off'}.`;
}

function rotatedBy({ facts: { secret }, kind }: Situation): string | undefined {
  if (kind === 'function') return `The rotation function is ${secret.rotationFunctionArn}.`;
  if (kind === 'none') return undefined;
  return `The secret is rotated by ${secret.owningService ?? secret.externalType}, without a rotation function.`;
}

function off({ facts }: Situation): string | undefined {
  const seen = facts.secret.rotationEnabled === false ? switchedOff(facts) : undefined;
  if (seen === undefined) return undefined;
  const how =
    seen.deletion === undefined ? 'was switched off' : 'was switched off with the deletion of the secret';
  return `Rotation ${how} by ${seen.actor ?? 'an unknown caller'}, first detected at ${formatInstant(seen.at)}.`;
}

const silence = ({ facts: { eventsArrive } }: Situation): string | undefined =>
  eventsArrive
    ? undefined
    : 'No rotation events are known to arrive here, so a missing event proves nothing.';

/** Most consumers that are named; of more, only their number is given. */
const MOST_NAMED = 10;

/** Returns the grounds of findings that neither stages nor dates of the list show, one sentence each. */
export function dailyWhy(situation: Situation, now: Instant): readonly string[] {
  switch (situation.finding.code) {
    case 'replication-failed':
      return [...(situation.facts.replicas ?? []).map(replicaLine), ...told(situation)];
    case 'previous-version-in-use':
      return requested(situation);
    case 'current-changed-outside-rotation':
      return changed(situation);
    case 'invalidation-unconfirmed':
      return waiting(situation, now);
    default:
      return [];
  }
}

const replicaLine = ({ region, status, message, since }: ReplicaSight): string =>
  `The replica in ${region} has had the status ${status} since at least ${formatInstant(since)}${message === undefined ? '' : `: "${message}"`}.`;

function told({ facts: { evidence } }: Situation): readonly string[] {
  const last = evidence.findLast(({ kind }) => kind === 'replication-failed');
  return last === undefined
    ? []
    : [`ReplicationFailed arrived at ${formatInstant(last.at)} (event ${last.id}).`];
}

function requested({ facts: { previousUse } }: Situation): readonly string[] {
  if (previousUse === undefined) return [];
  const { versionId, requestedOn, rotatedAt } = previousUse;
  return [
    `Version ${versionId} has been AWSPREVIOUS since the rotation at ${formatInstant(rotatedAt)} and was last requested on ${formatInstant(requestedOn).slice(0, 10)}. AWS records the day, not the caller.`,
  ];
}

function changed({ facts: { current } }: Situation): readonly string[] {
  const move = current?.outside;
  if (current === undefined || move === undefined) return [];
  const { from, to, seenAt, by } = move;
  const who =
    by === undefined
      ? 'No event names the caller.'
      : `${by.actor ?? 'An unknown caller'} ${by.at > seenAt ? 'made the last change' : 'did it'} at ${formatInstant(by.at)}.`;
  return [
    `AWSCURRENT went from version ${from} to version ${to}, first detected at ${formatInstant(seenAt)}; no known rotation made that move. ${who}`,
    `The last rotation promoted version ${current.rotated}.`,
  ];
}

function waiting({ facts: { secret, leases = [], policy } }: Situation, now: Instant): readonly string[] {
  const late = [...unconfirmed(leases, secret, now)].sort((a, b) => a.confirmedAt - b.confirmedAt);
  const more = late.length > MOST_NAMED ? [`And ${plural(late.length - MOST_NAMED, 'more consumer')}.`] : [];
  return [
    ...late.slice(0, MOST_NAMED).map(consumerLine),
    ...more,
    `Consumers have ${formatDuration(policy.confirmAfterMs)} after a rotation to confirm the version in use.`,
  ];
}

const consumerLine = ({ consumer, confirmedVersionId, confirmedAt, expiresAt }: ConsumerLease): string =>
  `Consumer "${consumer}" has used version ${confirmedVersionId} since ${formatInstant(confirmedAt)}; its lease lasts until ${formatInstant(expiresAt)}.`;

/** Returns the results of a closer look at the rotation function and its surroundings, one sentence each. */
export function functionWhy({ facts, functionTroubles }: Situation): readonly string[] {
  const { inspection, changesUnseen } = facts.examination ?? {};
  return [
    ...functionTroubles.map(troubled),
    ...(inspection?.activity === undefined ? [] : [counted(inspection.activity)]),
    ...unseenLine('The rotation function', inspection?.unseen ?? []),
    ...unseenLine('The history of changes', changesUnseen === undefined ? [] : [changesUnseen]),
  ];
}

function troubled(trouble: FunctionTrouble): string {
  switch (trouble.kind) {
    case 'gone':
      return 'The rotation function does not exist.';
    case 'not-invocable':
      return 'The resource policy of the rotation function does not let secretsmanager.amazonaws.com invoke it for this secret.';
    case 'throttled':
      return 'The reserved concurrency of the rotation function is 0: every invocation is throttled.';
    case 'not-active': {
      const because = trouble.reasonCode === undefined ? '' : ` (${trouble.reasonCode})`;
      return `The rotation function is in the state ${trouble.state}${because} and cannot be invoked.`;
    }
    case 'timed-out':
      return `An invocation of the rotation function ran into its timeout of ${trouble.timeoutSeconds} s.`;
    case 'runtime-ended':
      return `The runtime of the rotation function, ${trouble.runtime}, has been past its end of support since ${trouble.day}: Lambda still invokes it but no longer patches it.`;
  }
}

function counted({ span, invocations, errors, throttles }: FunctionActivity): string {
  const when = `From ${formatInstant(span.from)} to ${formatInstant(span.until)}`;
  return `${when} CloudWatch counted ${plural(invocations, 'invocation')} of the rotation function, ${plural(errors, 'error')} and ${plural(throttles, 'throttle')}.`;
}

const REASONS: Readonly<Record<string, string>> = { denied: 'access denied' };

/** One line for each reason, with the permissions it is about. */
function unseenLine(what: string, unseen: readonly Unseen[]): readonly string[] {
  const reasons = [...new Set(unseen.map(({ reason }) => reason))];
  return reasons.map((reason) => {
    const permissions = unseen.filter((each) => each.reason === reason).map(({ permission }) => permission);
    return `${what} could not be examined: ${REASONS[reason] ?? reason} (${permissions.join(', ')}).`;
  });
}

import { formatDuration, formatInstant, type Instant } from '../../../calendar/instant.ts';
import { type ConsumerLease, unconfirmed } from '../secret/consumer-lease.ts';
import type { ReplicaSight } from '../secret/replica-sight.ts';
import type { Situation } from './situation.ts';

/** So many consumers are named; of more, their number is told. */
const MOST_NAMED = 10;

/** What findings rest on that neither stages nor dates of the list show, one sentence each. */
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
  `The replica in ${region} is ${status}, first seen so at ${formatInstant(since)}${message === undefined ? '' : `: "${message}"`}.`;

function told({ facts: { evidence } }: Situation): readonly string[] {
  const last = evidence.findLast(({ kind }) => kind === 'replication-failed');
  return last === undefined
    ? []
    : [`ReplicationFailed told of it at ${formatInstant(last.at)} (event ${last.id}).`];
}

function requested({ facts: { previousUse } }: Situation): readonly string[] {
  if (previousUse === undefined) return [];
  const { versionId, requestedOn, rotatedAt } = previousUse;
  return [
    `Version ${versionId} is AWSPREVIOUS since the rotation at ${formatInstant(rotatedAt)} and was last requested on ${formatInstant(requestedOn).slice(0, 10)}; AWS tells the day, not who asked.`,
  ];
}

function changed({ facts: { current } }: Situation): readonly string[] {
  const move = current?.outside;
  if (current === undefined || move === undefined) return [];
  const { from, to, seenAt, by } = move;
  const who =
    by === undefined
      ? 'No event tells who did it.'
      : `${by.actor ?? 'An unknown caller'} did it at ${formatInstant(by.at)}.`;
  return [
    `AWSCURRENT went from version ${from} to version ${to}, first seen at ${formatInstant(seenAt)}; no rotation is known to have made that move. ${who}`,
    `The last rotation put version ${current.rotated} in use.`,
  ];
}

function waiting({ facts: { secret, leases = [], policy } }: Situation, now: Instant): readonly string[] {
  const late = [...unconfirmed(leases, secret, now)].sort((a, b) => a.confirmedAt - b.confirmedAt);
  const more = late.length > MOST_NAMED ? [`And ${late.length - MOST_NAMED} more consumers.`] : [];
  return [
    ...late.slice(0, MOST_NAMED).map(consumerLine),
    ...more,
    `Consumers have ${formatDuration(policy.confirmAfterMs)} after a rotation to confirm the version in use.`,
  ];
}

const consumerLine = ({ consumer, confirmedVersionId, confirmedAt, expiresAt }: ConsumerLease): string =>
  `Consumer "${consumer}" uses version ${confirmedVersionId} since ${formatInstant(confirmedAt)}; its lease lasts until ${formatInstant(expiresAt)}.`;

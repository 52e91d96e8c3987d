import { formatDuration, formatInstant, type Instant } from '../../../calendar/instant.ts';
import type { PendingVersion } from '../detect/detector.ts';
import { switchedOff } from '../detect/switched-off.ts';
import { currentVersion } from '../secret/version-stage.ts';
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
    const carries = own.length === 0 ? 'no stage any more' : `only ${own.join(', ')}`;
    return `${inUse}; version ${versionId} carries ${carries}.`;
  }
  return `${inUse}; no other version is pending.`;
}

const labels = ({ facts: { secret } }: Situation): string | undefined =>
  isFullOfLabels(secret)
    ? 'All staging labels that a secret may have are in use, so that Secrets Manager can stage no other version.'
    : undefined;

const ORIGINS: Readonly<Record<PendingVersion['sinceFrom'], string>> = {
  created: "the version's creation date",
  started: 'the event that told of its start',
  'first-seen': 'the first look that saw it, so it may be older',
};

function pendingAge({ facts: { pending, policy } }: Situation, now: Instant): string | undefined {
  if (pending === undefined) return undefined;
  const age = formatDuration(now - pending.since);
  return `It is pending since ${formatInstant(pending.since)} (${age}; ${ORIGINS[pending.sinceFrom]}); the threshold is ${formatDuration(policy.stuckAfterMs)}.`;
}

function failed({ failures, step, reached }: Situation): string | undefined {
  const last = failures.at(-1);
  if (last === undefined) return undefined;
  const times = failures.length === 1 ? 'one failure' : `${failures.length} failures`;
  const during =
    step === undefined
      ? 'no step is named'
      : `${reached === step ? '' : `it had reached ${reached}, `}the last step named is ${step}`;
  const cause = failures.some(({ notCreatedByFunction }) => notCreatedByFunction === true)
    ? '; the event says that the version was not created by the rotation function'
    : '';
  return `RotationFailed told of ${times}, the last at ${formatInstant(last.at)} (event ${last.id}); ${during}${cause}.`;
}

function tested({ finding, facts: { evidence } }: Situation): string | undefined {
  const last = evidence.findLast(({ kind }) => kind === 'test-rotation-failed');
  if (finding.code !== 'test-rotation-failed' || last === undefined) return undefined;
  return `TestRotationFailed told of it at ${formatInstant(last.at)} (event ${last.id}); no label was moved.`;
}

function dates({ facts: { secret } }: Situation): string | undefined {
  if (secret.rotationEnabled === undefined) return undefined;
  const last = secret.lastRotatedAt === undefined ? 'never' : `at ${formatInstant(secret.lastRotatedAt)}`;
  const next = secret.nextRotationAt === undefined ? 'none' : `by ${formatInstant(secret.nextRotationAt)}`;
  return `Last rotated: ${last}; next rotation: ${next}; rotation is ${secret.rotationEnabled ? 'on' : 'off'}.`;
}

function rotatedBy({ facts: { secret }, kind }: Situation): string | undefined {
  if (kind === 'function') return `The rotation function is ${secret.rotationFunctionArn}.`;
  if (kind === 'none') return undefined;
  return `The secret is rotated by ${secret.owningService ?? secret.externalType}, without a rotation function.`;
}

function off({ facts: { secret, evidence } }: Situation): string | undefined {
  const seen = secret.rotationEnabled === false ? switchedOff(evidence) : undefined;
  if (seen === undefined) return undefined;
  const how = seen.deletion === undefined ? 'was switched off' : 'went off with the deletion of the secret';
  return `Rotation ${how} by ${seen.actor ?? 'an unknown caller'}, first seen at ${formatInstant(seen.at)}.`;
}

const silence = ({ facts: { eventsArrive } }: Situation): string | undefined =>
  eventsArrive
    ? undefined
    : 'No rotation events are known to arrive here, so that a missing event proves nothing.';

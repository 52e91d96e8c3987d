import { formatDuration, formatInstant } from '../../calendar/instant.ts';
import type { SecretView } from '../../monitor/application/operate/view-secret.ts';
import { progressOf } from '../../monitor/domain/rotation/progress.ts';
import {
  currentVersion,
  pendingVersion,
  previousVersion,
} from '../../monitor/domain/secret/version-stage.ts';

/** Marks in front of the versions, so that the way of AWSCURRENT can be followed with the eyes. */
const MARKS = { previous: 'o', current: '*', pending: '?', other: ' ' } as const;

/** The versions of a secret from the one before to the one that is pending, with their stages and ages. */
export function versionsDiagram({ secret, versions, facts, at }: SecretView): readonly string[] {
  const { versionStages } = secret;
  const order = [
    ...Object.keys(versionStages).filter((id) => roleOf(id, versionStages) === 'other'),
    ...[previousVersion(versionStages), currentVersion(versionStages), pendingVersion(versionStages)],
  ];
  const ids = [...new Set(order.filter((id) => id !== undefined))];
  if (ids.length === 0) return ['No version carries a stage.'];
  return ids.flatMap((id, index) => {
    const made = versions[id]?.createdAt;
    const age = made === undefined ? '' : `made ${formatInstant(made)}, ${formatDuration(at - made)} ago`;
    const { reached } = progressOf(id, facts);
    const step = reached === undefined ? '' : `; failed at ${reached}`;
    const below = index < ids.length - 1 ? '|' : ' ';
    return [
      `${MARKS[roleOf(id, versionStages)]} ${(versionStages[id] ?? []).join(' + ')}`,
      `${below}   ${id}`,
      ...(age === '' ? [] : [`${below}   ${age}${step}`]),
    ];
  });
}

type Role = keyof typeof MARKS;

function roleOf(id: string, stages: SecretView['secret']['versionStages']): Role {
  if (id === currentVersion(stages)) return 'current';
  if (id === pendingVersion(stages)) return 'pending';
  return id === previousVersion(stages) ? 'previous' : 'other';
}

import type { Instant } from '../../../calendar/instant.ts';
import type { ChangeEntry, ChangeKind } from '../report/change-entry.ts';
import type { RotationEvent, SecretChanged } from '../rotation/rotation-event.ts';
import { TAG_PREFIX } from '../secret/policy.ts';
import type { Secret, SecretArn, Target } from '../secret/secret.ts';
import { shownLine } from '../shown.ts';
import { scheduleText } from './schedule-text.ts';

/** The last that a sweep saw of one secret, as far as history keeps its changes: written when it is another. */
export interface SecretSight extends Target {
  readonly arn: SecretArn;
  readonly name: string;
  readonly createdAt: Instant | undefined;
  /** The first look; a secret that was created later has its whole life in the history. */
  readonly firstSeenAt: Instant;
  readonly lastRotatedAt: Instant | undefined;
  readonly rotationOn: boolean;
  /** Schedule as `scheduleText` writes it; undefined without one. */
  readonly schedule: string | undefined;
  /** The tag `rotation-monitor:owner`; undefined without one. */
  readonly owner: string | undefined;
  /** The day and the reason of the silence that its tags ask for. */
  readonly silence: string | undefined;
  /** The time of DeleteSecret, or of the look that found it gone; undefined while it is listed. */
  readonly deletedAt: Instant | undefined;
}

/** The stretch in which a change happened that two looks show. */
export interface BetweenLooks {
  readonly notBefore: Instant;
  readonly at: Instant;
}

/** Longest text of a tag or schedule that history keeps. */
const LONGEST = 256;

const kept = (text: string | undefined): string | undefined =>
  text === undefined || text === '' ? undefined : shownLine(text, LONGEST);

/** The owner that tags name. */
const ownerIn = (tags: Secret['tags']): string | undefined => kept(tags[`${TAG_PREFIX}owner`]?.trim());

/** The silence that tags ask for: `2026-12-31: moved next week`. */
function silenceIn(tags: Secret['tags']): string | undefined {
  const until = tags[`${TAG_PREFIX}silence-until`]?.trim() ?? '';
  const reason = tags[`${TAG_PREFIX}silence-reason`]?.trim() ?? '';
  return until === '' || reason === '' ? undefined : kept(`${until}: ${reason}`);
}

/** The sight of a listed secret; `firstSeenAt` stays that of the look before. */
export const sightOf = (secret: Secret, firstSeenAt: Instant): SecretSight => ({
  account: secret.account,
  region: secret.region,
  arn: secret.arn,
  name: secret.name,
  createdAt: secret.createdAt,
  firstSeenAt,
  lastRotatedAt: secret.lastRotatedAt,
  rotationOn: secret.rotationEnabled === true,
  schedule: kept(scheduleText(secret.rotationRules)),
  owner: ownerIn(secret.tags),
  silence: silenceIn(secret.tags),
  deletedAt: secret.deletedAt,
});

/** Whether two looks saw the same, so that nothing need be written. */
export const isSameSight = (a: SecretSight, b: SecretSight): boolean =>
  JSON.stringify({ ...a, firstSeenAt: 0 }) === JSON.stringify({ ...b, firstSeenAt: 0 });

/** The parts of a sight that are compared. */
export type ComparedSight = Pick<SecretSight, 'deletedAt' | 'rotationOn' | 'schedule' | 'owner' | 'silence'>;

/** The changes that two looks at a secret show; rotations are kept elsewhere. */
export function changesBetween(
  before: ComparedSight,
  after: ComparedSight,
  between: BetweenLooks,
): readonly Omit<ChangeEntry, 'secretArn'>[] {
  const entry = (
    kind: ChangeKind,
    values: Pick<ChangeEntry, 'before' | 'after'> = {},
  ): Omit<ChangeEntry, 'secretArn'> => ({
    kind,
    ...between,
    ...values,
  });
  return [
    ...(before.deletedAt !== undefined && after.deletedAt === undefined ? [entry('restored')] : []),
    ...(before.rotationOn === after.rotationOn
      ? []
      : [entry(after.rotationOn ? 'rotation-on' : 'rotation-off')]),
    ...(before.schedule === after.schedule
      ? []
      : [entry('schedule-changed', { before: before.schedule, after: after.schedule })]),
    ...(before.owner === after.owner
      ? []
      : [entry('owner-changed', { before: before.owner, after: after.owner })]),
    ...(before.silence === after.silence
      ? []
      : [
          entry(after.silence === undefined ? 'silence-ended' : 'silenced', {
            before: before.silence,
            after: after.silence,
          }),
        ]),
  ];
}

type Change = readonly [kind: ChangeKind, after?: string | undefined];

/** Longest name of a caller that history keeps. */
const LONGEST_ACTOR = 256;

/**
 * The changes that an API call reports, as far as the call itself shows them. Some may change nothing, such as a rule
 * that was there before; whoever reads the history in order leaves these out.
 */
export function changesOfEvent(event: RotationEvent, secretArn: SecretArn): readonly ChangeEntry[] {
  if (event.kind === 'test-rotation-succeeded') {
    return [{ secretArn, kind: 'rotation-tested', at: event.at }];
  }
  if (event.kind !== 'secret-changed') return [];
  const actor = event.actor === undefined ? undefined : shownLine(event.actor, LONGEST_ACTOR);
  return changesOf(event).map(([kind, after]) => ({
    secretArn,
    kind,
    at: event.at,
    ...(actor === undefined ? {} : { actor }),
    ...(after === undefined ? {} : { after }),
  }));
}

function changesOf({ operation, given, versionId, makesCurrent }: SecretChanged): readonly Change[] {
  switch (operation) {
    case 'PutSecretValue':
    case 'UpdateSecret':
      return makesCurrent === true && versionId !== undefined ? [['value-changed']] : [];
    case 'CreateSecret':
      return [['created']];
    case 'DeleteSecret':
      return [[given?.isForced === true ? 'deleted' : 'deletion-scheduled']];
    case 'RestoreSecret':
      return [['restored']];
    case 'CancelRotateSecret':
      return [['rotation-off']];
    case 'RotateSecret':
      return [['rotation-on'], ...scheduled(scheduleText(given?.rules))];
    case 'TagResource':
      return tagged(given?.tags ?? {});
    case 'UntagResource':
      return untagged(given?.tagKeys ?? []);
    default:
      return [];
  }
}

const scheduled = (text: string | undefined): readonly Change[] =>
  text === undefined ? [] : [['schedule-changed', text]];

/** A silence needs two tags: of one alone, the next sweep finds out what came of it. */
function tagged(tags: Readonly<Record<string, string>>): readonly Change[] {
  const owner = ownerIn(tags);
  const silence = silenceIn(tags);
  return [
    ...(owner === undefined ? [] : ([['owner-changed', owner]] as const)),
    ...(silence === undefined ? [] : ([['silenced', silence]] as const)),
  ];
}

const untagged = (keys: readonly string[]): readonly Change[] => [
  ...(keys.includes(`${TAG_PREFIX}owner`) ? ([['owner-changed']] as const) : []),
  ...(keys.includes(`${TAG_PREFIX}silence-until`) ? ([['silence-ended']] as const) : []),
];

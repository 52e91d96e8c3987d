import type { ChangeEntry, ChangeKind } from '../report/change-entry.ts';
import type { RotationEvent, SecretChanged } from '../rotation/rotation-event.ts';
import { TAG_PREFIX } from '../secret/policy.ts';
import type { SecretArn } from '../secret/secret.ts';
import { shownLine } from '../shown.ts';
import { scheduleText } from './schedule-text.ts';
import { ownerIn, silenceIn } from './secret-sight.ts';

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

import { formatInstant, type Instant } from '../../../calendar/instant.ts';
import { plural } from '../../../calendar/plural.ts';
import { isWithin, type TimeSpan } from '../../../calendar/time-span.ts';
import { shownLine } from '../shown.ts';

/** A call that CloudTrail recorded and that succeeded, without what was passed and what came back. */
export interface RecordedCall {
  /** CloudTrail's eventID. */
  readonly id: string;
  readonly at: Instant;
  /** Such as `lambda.amazonaws.com`. */
  readonly source: string;
  /** Name of the API operation, without the date of its version. */
  readonly operation: string;
  /** ARN of the caller, or the service that called. */
  readonly actor: string | undefined;
}

/** Something that was changed and can bear on a rotation. */
export interface Change {
  readonly at: Instant;
  /** Identity of the caller. */
  readonly who: string;
  /** The action, such as `changed the code of the rotation function`. */
  readonly what: string;
}

/** A resource and the calls that were recorded under its name. */
export interface ChangedResource {
  /** In words that follow a verb. */
  readonly label: string;
  /** The service it belongs to; resources of others may go by the same name. */
  readonly source: string;
  readonly calls: readonly RecordedCall[];
}

/** The time span and the function by which changes are selected. */
export interface ChangeScope {
  readonly span: TimeSpan;
  /** Name of the rotation function, whose own calls are the rotation and no change. */
  readonly functionName: string | undefined;
}

/** Most changes that an explanation lists; the earliest are left out. */
const MAX_CHANGES = 10;
/** Longest name of a caller or a deed; a secret's name has up to 512 characters. */
const LONGEST_TEXT = 200;

/** Calls that change something a rotation depends on, by service; `…` stands for the resource. */
const DEEDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'lambda.amazonaws.com': {
    CreateFunction: 'created …',
    DeleteFunction: 'deleted …',
    UpdateFunctionCode: 'changed the code of …',
    UpdateFunctionConfiguration: 'changed the configuration of …',
    PutFunctionConcurrency: 'changed the reserved concurrency of …',
    DeleteFunctionConcurrency: 'removed the reserved concurrency of …',
    AddPermission: 'added a statement to the resource policy of …',
    RemovePermission: 'removed a statement from the resource policy of …',
    UpdateAlias: 'moved an alias of …',
    PutRuntimeManagementConfig: 'changed the runtime version of …',
  },
  'secretsmanager.amazonaws.com': {
    PutSecretValue: 'put a value into …',
    UpdateSecret: 'updated …',
    UpdateSecretVersionStage: 'moved a staging label of …',
    PutResourcePolicy: 'changed the resource policy of …',
    DeleteResourcePolicy: 'removed the resource policy of …',
    RotateSecret: 'asked for a rotation of …',
    CancelRotateSecret: 'switched off the rotation of …',
    DeleteSecret: 'scheduled the deletion of …',
    RestoreSecret: 'restored …',
  },
  'kms.amazonaws.com': {
    PutKeyPolicy: 'changed the policy of …',
    DisableKey: 'disabled …',
    EnableKey: 'enabled …',
    ScheduleKeyDeletion: 'scheduled the deletion of …',
    CancelKeyDeletion: 'cancelled the deletion of …',
    RevokeGrant: 'revoked a grant of …',
    DeleteImportedKeyMaterial: 'deleted the key material of …',
  },
  'iam.amazonaws.com': {
    PutRolePolicy: 'changed a policy of …',
    DeleteRolePolicy: 'removed a policy from …',
    AttachRolePolicy: 'attached a policy to …',
    DetachRolePolicy: 'detached a policy from …',
    UpdateAssumeRolePolicy: 'changed who may assume …',
    PutRolePermissionsBoundary: 'changed the permissions boundary of …',
    DeleteRolePermissionsBoundary: 'removed the permissions boundary of …',
    DeleteRole: 'deleted …',
  },
};

/** The changes among recorded calls, in order of time, each once. */
export function changesAmong(
  resources: readonly ChangedResource[],
  { span, functionName }: ChangeScope,
): readonly Change[] {
  const changes = new Map<string, Change>();
  for (const { label, source, calls } of resources) {
    for (const { id, at, actor, ...call } of calls) {
      const deed = call.source === source ? deedOf(call) : undefined;
      if (deed === undefined || !isWithin(at, span) || isOwnCall({ ...call, actor }, functionName)) continue;
      changes.set(id, {
        at,
        who: oneLine(actor ?? 'an unknown caller'),
        what: oneLine(deed.replace('…', label)),
      });
    }
  }
  return inOrder([...changes.values()]);
}

/** Changes from two sources as one list; a change that both report is in it once. */
export const mergedChanges = (some: readonly Change[], others: readonly Change[]): readonly Change[] =>
  inOrder([...new Map([...some, ...others].map((change) => [keyOf(change), change])).values()]);

const keyOf = ({ at, who, what }: Change): string => `${at} ${who} ${what}`;

const inOrder = (changes: readonly Change[]): readonly Change[] => [...changes].sort((a, b) => a.at - b.at);

/**
 * The changes that an explanation lists, in order of time: what somebody did again and again is one, at its last time, so
 * that it hides nothing else; and the last ten where there are more.
 */
export function listedChanges(changes: readonly Change[]): readonly Change[] {
  const alike = new Map<string, Change[]>();
  for (const change of inOrder(changes)) {
    const key = `${change.who} ${change.what}`;
    alike.set(key, [...(alike.get(key) ?? []), change]);
  }
  return inOrder(
    [...alike.values()].flatMap((each) => each.slice(-1).map((last) => repeated(last, each))),
  ).slice(-MAX_CHANGES);
}

function repeated(last: Change, all: readonly Change[]): Change {
  const [first] = all;
  if (first === undefined || first === last) return last;
  return {
    ...last,
    what: `${last.what} (at least ${plural(all.length, 'time')} since ${formatInstant(first.at)})`,
  };
}

function deedOf({ source, operation }: Pick<RecordedCall, 'source' | 'operation'>): string | undefined {
  const deeds = Object.hasOwn(DEEDS, source) ? DEEDS[source] : undefined;
  return deeds !== undefined && Object.hasOwn(deeds, operation) ? deeds[operation] : undefined;
}

/** Calls by which a rotation changes its secret. */
const OF_ROTATION: ReadonlySet<string> = new Set(['PutSecretValue', 'UpdateSecretVersionStage']);

/**
 * Whether a function has made a call as a part of a rotation. It works in a session of its role that has its name, which
 * others may choose as well: it hides nothing else.
 */
const isOwnCall = (
  { operation, actor }: Pick<RecordedCall, 'operation' | 'actor'>,
  functionName: string | undefined,
): boolean =>
  functionName !== undefined &&
  OF_ROTATION.has(operation) &&
  actor?.includes(':assumed-role/') === true &&
  actor.endsWith(`/${functionName}`);

/** Names of sessions are chosen by whoever calls. */
const oneLine = (text: string): string => shownLine(text, LONGEST_TEXT).trim();

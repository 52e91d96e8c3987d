import type { GivenSettings, SecretChanged } from '../../domain/rotation/rotation-event.ts';
import { TAG_PREFIX } from '../../domain/secret/policy.ts';
import type { RotationRules } from '../../domain/secret/secret.ts';
import type { EventHead } from './event-head.ts';
import { at, textAt } from './json-reader.ts';

const LONGEST_VERSION_ID = 64;

type Path = readonly string[];

const MADE: Path = ['responseElements', 'versionId'];
const ASKED: Path = ['requestParameters', 'clientRequestToken'];

/** Calls that can change the state of a rotation, with the places where they name the version, best first. */
const CHANGES: Readonly<Record<string, readonly Path[]>> = {
  RotateSecret: [MADE, ASKED],
  CancelRotateSecret: [MADE],
  PutSecretValue: [MADE, ASKED],
  // The SDK sends a token also when only the description changes and no version is made.
  UpdateSecret: [MADE],
  UpdateSecretVersionStage: [
    ['requestParameters', 'moveToVersionId'],
    ['requestParameters', 'removeFromVersionId'],
  ],
  CreateSecret: [MADE, ASKED],
  DeleteSecret: [],
  RestoreSecret: [],
  TagResource: [],
  UntagResource: [],
};

const IRRELEVANT: ReadonlySet<string> = new Set([
  'DeleteResourcePolicy',
  'PutResourcePolicy',
  'RemoveRegionsFromReplication',
  'ReplicateSecretToRegions',
  'StopReplicationToReplica',
]);
/** Calls that only read; a rule sees them only when it asks for read-only management events. */
const READS = /^(BatchGet|Describe|Get|List|Validate)[A-Z]/;

/** Returns the meaning of a Secrets Manager API call for the monitor; undefined for an unknown one. */
export function apiCallKind(name: string): 'secret-changed' | 'ignored' | undefined {
  if (Object.hasOwn(CHANGES, name)) return 'secret-changed';
  return IRRELEVANT.has(name) || READS.test(name) ? 'ignored' : undefined;
}

/** Reads a successful call out of the `detail` of an API event. */
export const parseApiCall = (head: EventHead, operation: string, detail: unknown): SecretChanged => ({
  ...head,
  kind: 'secret-changed',
  operation,
  actor: textAt(detail, ['userIdentity', 'arn']) ?? textAt(detail, ['userIdentity', 'invokedBy']),
  versionId: CHANGES[operation]
    ?.map((path) => textAt(detail, path, LONGEST_VERSION_ID))
    .find((versionId) => versionId !== undefined),
  ...(makesCurrent(operation, detail) && { makesCurrent: true }),
  ...(makesPending(operation, detail) && { makesPending: true }),
  ...viaOf(detail),
  ...givenIn(operation, at(detail, 'requestParameters')),
});

/** Whether a call puts AWSCURRENT on the version that it names. */
function makesCurrent(operation: string, detail: unknown): boolean {
  switch (operation) {
    case 'UpdateSecret':
      // It names a version only when it made one, and that is in use at once.
      return true;
    case 'PutSecretValue':
      return putsCurrent(at(detail, 'requestParameters', 'versionStages'));
    case 'UpdateSecretVersionStage':
      return movesLabel('AWSCURRENT', detail);
    default:
      return false;
  }
}

/** Whether a call puts AWSPENDING on the version that it names. */
function makesPending(operation: string, detail: unknown): boolean {
  if (operation === 'UpdateSecretVersionStage') return movesLabel('AWSPENDING', detail);
  const stages = at(detail, 'requestParameters', 'versionStages');
  return operation === 'PutSecretValue' && Array.isArray(stages) && stages.includes('AWSPENDING');
}

const movesLabel = (label: string, detail: unknown): boolean =>
  textAt(detail, ['requestParameters', 'versionStage']) === label &&
  textAt(detail, ['requestParameters', 'moveToVersionId']) !== undefined;

/** Without stages the new version is in use. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html */
const putsCurrent = (stages: unknown): boolean =>
  stages === undefined || stages === null || (Array.isArray(stages) && stages.includes('AWSCURRENT'));

/** The service through which a person or a role called. */
function viaOf(detail: unknown): Pick<SecretChanged, 'via'> {
  const via = textAt(detail, ['userIdentity', 'invokedBy'], 256);
  return via === undefined ? {} : { via };
}

/** Longest schedule expression. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html */
const LONGEST_EXPRESSION = 256;
/** Tags per secret. https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const MOST_TAGS = 50;
const LONGEST_TAG = 256;

/** Reads the settings that the parameters of a call name; none for calls that change none. */
function givenIn(operation: string, parameters: unknown): Pick<SecretChanged, 'given'> {
  const given = reading(operation, parameters);
  return given === undefined ? {} : { given };
}

function reading(operation: string, parameters: unknown): GivenSettings | undefined {
  switch (operation) {
    case 'RotateSecret':
      return rulesIn(at(parameters, 'rotationRules'));
    case 'TagResource':
      return tagsIn(at(parameters, 'tags'));
    case 'UntagResource':
      return { tagKeys: listIn(at(parameters, 'tagKeys')).filter(isOurs) };
    case 'DeleteSecret':
      return at(parameters, 'forceDeleteWithoutRecovery') === true ? { isForced: true } : undefined;
    default:
      return undefined;
  }
}

function rulesIn(rules: unknown): GivenSettings | undefined {
  const days = at(rules, 'automaticallyAfterDays');
  const read: RotationRules = {
    automaticallyAfterDays: typeof days === 'number' && Number.isInteger(days) ? days : undefined,
    scheduleExpression: textAt(rules, ['scheduleExpression'], LONGEST_EXPRESSION),
    duration: textAt(rules, ['duration'], LONGEST_EXPRESSION),
  };
  const isEmpty = read.automaticallyAfterDays === undefined && read.scheduleExpression === undefined;
  return isEmpty ? undefined : { rules: read };
}

const tagsIn = (tags: unknown): GivenSettings => ({
  tags: Object.fromEntries(
    listIn(tags).flatMap((tag) => {
      const key = textAt(tag, ['key'], LONGEST_TAG) ?? '';
      return isOurs(key) ? [[key, textAt(tag, ['value'], LONGEST_TAG) ?? '']] : [];
    }),
  ),
});

const listIn = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value.slice(0, MOST_TAGS) : [];

const isOurs = (key: unknown): key is string => typeof key === 'string' && key.startsWith(TAG_PREFIX);

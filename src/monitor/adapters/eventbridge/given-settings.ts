import type { GivenSettings, SecretChanged } from '../../domain/rotation/rotation-event.ts';
import { TAG_PREFIX } from '../../domain/secret/policy.ts';
import type { RotationRules } from '../../domain/secret/secret.ts';
import { at, textAt } from './json-reader.ts';

/** Longest schedule expression. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html */
const LONGEST_EXPRESSION = 256;
/** Tags per secret. https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const MOST_TAGS = 50;
const LONGEST_TAG = 256;

/** Reads the settings that the parameters of a call name; none for calls that change none. */
export function givenIn(operation: string, parameters: unknown): Pick<SecretChanged, 'given'> {
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

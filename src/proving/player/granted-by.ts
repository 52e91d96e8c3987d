import type { Requested } from './requested.ts';
import type { RoleStatement } from './statements.ts';

/** One action on one resource, or pattern of resources, that a statement allows. */
export interface Permission {
  readonly role: string;
  readonly sid: string;
  readonly action: string;
  readonly resource: string;
}

/** A permission in one line. */
export const named = ({ role, sid, action, resource }: Permission): string =>
  `${role} ${sid}: ${action} on ${resource}`;

/** Every single thing that statements allow. */
export const permissionsOf = (statements: readonly RoleStatement[]): readonly Permission[] =>
  statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ role, sid, actions, resources }) =>
      actions.flatMap((action) => resources.map((resource) => ({ role, sid, action, resource }))),
    );

/** The permissions that let a request through; none when one of its resources is denied, or is not allowed. */
export function grantedBy(
  statements: readonly RoleStatement[],
  { action, resources, keys }: Requested,
): readonly Permission[] {
  const concerned = statements.filter((each) => holds(each.conditions, keys));
  const permissions = permissionsOf(concerned).filter((each) => like(each.action, action));
  const denied = concerned.filter(({ effect, actions }) => effect === 'Deny' && actions.some(is(action)));
  const granted = resources.map((resource) =>
    denied.some((each) => each.resources.some(is(resource)))
      ? []
      : permissions.filter((each) => like(each.resource, resource)),
  );
  return granted.every((each) => each.length > 0) ? granted.flat() : [];
}

const holds = (conditions: RoleStatement['conditions'], keys: Requested['keys']): boolean =>
  Object.entries(conditions).every(([operator, wanted]) =>
    Object.entries(wanted).every(([name, values]) => {
      const key = name.toLowerCase();
      if (operator === 'Null') return values.includes(String(!Object.hasOwn(keys, key)));
      return matches(operator, key, values, keys);
    }),
  );

/**
 * Whether one condition holds. A key that the call does not carry fails, but for `ForAllValues`, as does a known value
 * that matches none. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
function matches(operator: string, key: string, values: readonly string[], keys: Requested['keys']): boolean {
  const [, set, comparison = ''] = /^(?:(ForAllValues|ForAnyValue):)?(.*)$/.exec(operator) ?? [];
  const isMultivalued = MULTIVALUED.includes(key);
  if (!OPERATORS.includes(comparison) || isMultivalued !== (set !== undefined)) {
    throw new Error(`The condition ${operator} is not understood for ${key}`);
  }
  if (!Object.hasOwn(keys, key)) return set === 'ForAllValues';
  const found = keys[key];
  if (found === undefined) return true;
  const matchesOne = (value: string): boolean => values.some(is(value));
  if (typeof found === 'string') return matchesOne(found);
  return set === 'ForAllValues' ? found.every(matchesOne) : found.some(matchesOne);
}

/** Keys that need a set operator. */
const MULTIVALUED = ['dynamodb:leadingkeys'];

/** Values without wildcards match alike with all of them. */
const OPERATORS = ['StringEquals', 'StringLike', 'ArnEquals', 'ArnLike'];

/** Matches as IAM does: `*` is any text, `?` any character. */
function like(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

const is =
  (text: string) =>
  (pattern: string): boolean =>
    like(pattern, text);

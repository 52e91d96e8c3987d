/** One statement of the policies of a role. */
export interface IdentityStatement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Values by condition key by operator. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** The decision of policies about one action on one resource. */
export interface Decision {
  readonly decision: 'allowed' | 'explicitDeny' | 'implicitDeny';
  /** Condition keys that statements ask about and nobody gave; such a statement does not count. */
  readonly missingKeys: readonly string[];
}

/** The action and resource in question, with the request's values by condition key in lower case. */
export interface Asked {
  readonly action: string;
  readonly resource: string;
  readonly keys: Readonly<Record<string, readonly string[]>>;
}

/** A denial counts before all that is allowed. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html */
export function decisionOn(
  statements: readonly IdentityStatement[],
  { action, resource, keys }: Asked,
): Decision {
  const concerned = statements.filter(
    ({ actions, resources }) => actions.some(is(action)) && resources.some(is(resource)),
  );
  const missingKeys = concerned.flatMap(({ conditions }) =>
    Object.values(conditions)
      .flatMap(Object.keys)
      .filter((key) => keys[key.toLowerCase()] === undefined),
  );
  const counting = concerned.filter(({ conditions }) => holds(conditions, keys));
  const denied = counting.some(({ effect }) => effect === 'Deny');
  const decision = denied ? 'explicitDeny' : counting.length > 0 ? 'allowed' : 'implicitDeny';
  return { decision, missingKeys: [...new Set(missingKeys)] };
}

/** Values are compared as patterns, whatever the operator; a key that nobody gave does not hold. */
const holds = (conditions: IdentityStatement['conditions'], keys: Asked['keys']): boolean =>
  Object.values(conditions).every((wanted) =>
    Object.entries(wanted).every(([key, values]) =>
      (keys[key.toLowerCase()] ?? []).some((found) => values.some(is(found))),
    ),
  );

const is =
  (text: string) =>
  (pattern: string): boolean =>
    like(pattern.toLowerCase(), text.toLowerCase());

/** `*` is any text, `?` any character. */
function like(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

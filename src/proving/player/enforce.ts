import * as z from 'zod';
import { AwsError } from '../../simulator/call/aws-error.ts';
import type { CallRequest } from '../../simulator/call/call-log.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { type Requested, requestedBy } from './requested.ts';
import type { RoleStatement } from './statements.ts';
import { type PartitionKeyOf, tablesOf } from './table-requests.ts';

/** The calls of roles whose policies are known, with the decisions about them. */
export interface Enforcement {
  /** Statements of the roles' policies. */
  readonly statements: readonly RoleStatement[];
  /** Calls that their role does not allow, each once: `role: action on resource`. */
  readonly refused: ReadonlySet<string>;
  /** Names of the permissions that calls needed, as {@link named} gives them. */
  readonly used: ReadonlySet<string>;
}

/** From now on a call of these roles is refused unless their policies allow it; callers without policies go on as before. */
export function enforce(simulators: readonly Simulator[], statements: readonly RoleStatement[]): Enforcement {
  const refused = new Set<string>();
  const used = new Set<Permission>();
  const roles = new Set(statements.map(({ role }) => role));
  const grants = new Map(
    [...roles].map((role) => [role, grantOf(statements.filter((each) => each.role === role))]),
  );
  const judge = (grant: Grant, requested: Requested, role: string): void => {
    const granted = grant(requested);
    for (const each of granted) used.add(each);
    if (granted.length > 0) return;
    const what = `${requested.action} on ${requested.resources.join(', ')}`;
    refused.add(`${role}: ${what}`);
    throw new AwsError('AccessDeniedException', `User: ${role} is not authorized to perform: ${what}`);
  };
  for (const simulator of simulators) {
    const keys = partitionKeys(simulator);
    simulator.faults.before(async (call) => {
      const grant = grants.get(call.role);
      // Anybody may ask who they are. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
      if (grant === undefined || call.operation === 'GetCallerIdentity') return;
      const keyOf = call.service === 'dynamodb' ? await keys(call) : undefined;
      for (const requested of requestedBy(call, simulator, keyOf)) judge(grant, requested, call.role);
    });
  }
  return {
    statements,
    refused,
    get used() {
      return new Set([...used].map(named));
    },
  };
}

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.string() }));
const description = z.object({
  Table: z.object({
    KeySchema: keySchema,
    GlobalSecondaryIndexes: z.array(z.object({ IndexName: z.string(), KeySchema: keySchema })).default([]),
  }),
});

/** Finds out the partition keys of the tables that a call is about; each table is looked at once, outside the call log. */
function partitionKeys({ services, home, clock }: Simulator): (call: CallRequest) => Promise<PartitionKeyOf> {
  const known = new Map<string, ReadonlyMap<string | undefined, string>>();
  return async (call) => {
    const { role } = call;
    const caller = { ...home, role, principal: role, requestId: '', now: clock.now() };
    for (const TableName of tablesOf(call).filter((table) => !known.has(table))) {
      const answer = await described(() =>
        services.dynamodb.operations['DescribeTable']?.({ TableName }, caller),
      );
      if (answer !== undefined) known.set(TableName, keysIn(answer));
    }
    return (table, index) => known.get(table)?.get(index);
  };
}

/** Returns the description of a table; undefined where there is none, as the call itself will find. */
async function described(describe: () => unknown): Promise<z.infer<typeof description> | undefined> {
  try {
    return description.parse(await describe());
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}

function keysIn({ Table }: z.infer<typeof description>): ReadonlyMap<string | undefined, string> {
  const all = [{ IndexName: undefined, KeySchema: Table.KeySchema }, ...Table.GlobalSecondaryIndexes];
  return new Map(
    all.map(({ IndexName, KeySchema }) => [
      IndexName,
      KeySchema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '',
    ]),
  );
}

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
export type Grant = (requested: Requested) => readonly Permission[];

/** The part of the statements that concerns one action. */
interface OfAction {
  readonly statement: RoleStatement;
  /** Empty where the action is denied. */
  readonly permissions: readonly Permission[];
}

/** Returns a function that looks permissions up in statements; the result for an action is computed once. */
export function grantOf(statements: readonly RoleStatement[]): Grant {
  const known = new Map<string, readonly OfAction[]>();
  const about = (action: string): readonly OfAction[] => {
    const found =
      known.get(action) ??
      statements
        .filter(({ actions }) => actions.some(is(action)))
        .map((statement) => ({
          statement,
          permissions: permissionsOf([statement]).filter((each) => like(each.action, action)),
        }));
    known.set(action, found);
    return found;
  };
  const decide: Grant = ({ action, resources, keys }) => {
    const concerned = about(action).filter(({ statement }) => holds(statement.conditions, keys));
    const granted = resources.map((resource) => grantedOn(resource, concerned));
    return granted.every((each) => each.length > 0) ? granted.flat() : [];
  };
  // A sweep makes the same requests as the one before.
  const decided = new Map<string, readonly Permission[]>();
  return (requested) => {
    const asked = textOf(requested);
    const granted = decided.get(asked) ?? decide(requested);
    if (decided.size >= MOST_DECISIONS) decided.clear();
    decided.set(asked, granted);
    return granted;
  };
}

/** Decisions that are kept, so that memory does not grow with the fleet. */
const MOST_DECISIONS = 5000;

/** All that a decision depends on. */
function textOf({ action, resources, keys }: Requested): string {
  let text = `${action}\n${resources.join('\n')}`;
  for (const name of Object.keys(keys)) {
    const value = keys[name];
    text += `\n\n${name}=${value === undefined ? '' : JSON.stringify(value)}`;
  }
  return text;
}

function grantedOn(resource: string, concerned: readonly OfAction[]): readonly Permission[] {
  const isDenied = concerned.some(
    ({ statement: { effect, resources } }) => effect === 'Deny' && resources.some(is(resource)),
  );
  if (isDenied) return [];
  return concerned.flatMap(({ permissions }) => permissions.filter((each) => like(each.resource, resource)));
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
const MULTIVALUED = ['dynamodb:leadingkeys', 'aws:tagkeys'];

/** Values without wildcards match alike with all of them. */
const OPERATORS = ['StringEquals', 'StringLike', 'ArnEquals', 'ArnLike'];

/** Patterns with wildcards, each made into an expression once. */
const expressions = new Map<string, RegExp>();

/** Matches as IAM does: `*` is any text, `?` any character. */
function like(pattern: string, text: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === text;
  const known = expressions.get(pattern) ?? expressionOf(pattern);
  expressions.set(pattern, known);
  return known.test(text);
}

function expressionOf(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's');
}

const is =
  (text: string) =>
  (pattern: string): boolean =>
    like(pattern, text);

import type { RoleStatement } from '../../../scripts/template/statements.ts';
import { AwsError } from '../../../src/simulator/aws-error.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { type Requested, requestedBy } from './requested.ts';

/** What became of the calls of roles whose policies are known. */
export interface Enforcement {
  /** Calls that their role does not allow: `role: action on resource`. */
  readonly refused: readonly string[];
  /** Each `role action` that was allowed and done. */
  readonly used: ReadonlySet<string>;
}

/** From now on a call of these roles is refused unless their policies allow it; callers without policies go on as before. */
export function enforce(simulator: Simulator, statements: readonly RoleStatement[]): Enforcement {
  const refused: string[] = [];
  const used = new Set<string>();
  const known = new Set(statements.map(({ role }) => role));
  simulator.faults.before((call) => {
    // Anybody may ask who they are. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    if (!known.has(call.role) || call.operation === 'GetCallerIdentity') return;
    const own = statements.filter(({ role }) => role === call.role);
    for (const each of requestedBy(call, simulator.home)) {
      if (!allows(own, each)) {
        const what = `${each.action} on ${each.resources.join(', ')}`;
        refused.push(`${call.role}: ${what}`);
        throw new AwsError(
          'AccessDeniedException',
          `User: ${call.role} is not authorized to perform: ${what}`,
        );
      }
      used.add(`${call.role} ${each.action}`);
    }
  });
  return { refused, used };
}

/** Whether policies allow all of a request and deny none of it. */
export function allows(
  statements: readonly RoleStatement[],
  { action, resources, keys }: Requested,
): boolean {
  return resources.every((resource) => {
    const concerned = statements.filter(
      (each) =>
        each.actions.includes(action) &&
        each.resources.some((pattern) => like(pattern, resource)) &&
        holds(each.conditions, keys),
    );
    return (
      concerned.some(({ effect }) => effect === 'Allow') &&
      concerned.every(({ effect }) => effect === 'Allow')
    );
  });
}

/** A key that the call does not carry fails, as does a known value that matches none. */
const holds = (conditions: RoleStatement['conditions'], keys: Requested['keys']): boolean =>
  Object.entries(conditions).every(([operator, wanted]) =>
    Object.entries(wanted).every(([name, values]) => {
      const key = name.toLowerCase();
      if (!Object.hasOwn(keys, key)) return false;
      const value = keys[key];
      if (!OPERATORS.includes(operator)) throw new Error(`The condition ${operator} is not understood`);
      return value === undefined || values.some((each) => like(each, value));
    }),
  );

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

import { AwsError } from '../../simulator/call/aws-error.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { grantedBy, named } from './granted-by.ts';
import { requestedBy } from './requested.ts';
import type { RoleStatement } from './statements.ts';

/** What became of the calls of roles whose policies are known. */
export interface Enforcement {
  /** What the roles may do. */
  readonly statements: readonly RoleStatement[];
  /** Calls that their role does not allow, each once: `role: action on resource`. */
  readonly refused: ReadonlySet<string>;
  /** Names of the permissions that calls needed, as {@link named} gives them. */
  readonly used: ReadonlySet<string>;
}

/** From now on a call of these roles is refused unless their policies allow it; callers without policies go on as before. */
export function enforce(simulators: readonly Simulator[], statements: readonly RoleStatement[]): Enforcement {
  const refused = new Set<string>();
  const used = new Set<string>();
  for (const simulator of simulators) {
    simulator.faults.before((call) => {
      const own = statements.filter(({ role }) => role === call.role);
      // Anybody may ask who they are. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
      if (own.length === 0 || call.operation === 'GetCallerIdentity') return;
      for (const requested of requestedBy(call, simulator)) {
        const granted = grantedBy(own, requested);
        for (const each of granted) used.add(named(each));
        if (granted.length > 0) continue;
        const what = `${requested.action} on ${requested.resources.join(', ')}`;
        refused.add(`${call.role}: ${what}`);
        const message = `User: ${call.role} is not authorized to perform: ${what}`;
        throw new AwsError('AccessDeniedException', message);
      }
    });
  }
  return { statements, refused, used };
}

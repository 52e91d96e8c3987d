import type { Service } from '../call/service.ts';
import { type AssumeRoleDependencies, assumeRole } from './assume-role.ts';

/** STS: it names callers to themselves and lets them assume roles. */
export function createSts(dependencies: AssumeRoleDependencies): Service {
  return {
    operations: {
      AssumeRole: assumeRole(dependencies),
      GetCallerIdentity: (_input, { account, principal, role }) => ({
        UserId: `AROASIMULATED:${role}`,
        Account: account,
        Arn: principal,
      }),
    },
  };
}

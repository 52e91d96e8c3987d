import type { Service } from '../service.ts';

/** STS: it tells callers who they are. */
export function createSts(): Service {
  return {
    operations: {
      GetCallerIdentity: (_input, { account, principal, role }) => ({
        UserId: `AROASIMULATED:${role}`,
        Account: account,
        Arn: principal,
      }),
    },
  };
}

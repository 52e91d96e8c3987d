import * as z from 'zod';
import { later, SECOND } from '../../calendar/instant.ts';
import { AwsError } from '../call/aws-error.ts';
import { readInput } from '../call/input.ts';
import type { Call, Operation } from '../call/service.ts';
import { permits } from '../iam/policy.ts';
import type { Role, Roles } from '../iam/roles.ts';
import type { Sessions } from './sessions.ts';

/** Dependencies of assuming roles. */
export interface AssumeRoleDependencies {
  readonly roles: Roles;
  readonly sessions: Sessions;
  /** The organization of an account; undefined for an account that is in none. */
  readonly organizationOf: (account: string) => string | undefined;
  /** Whether the account can be used at all. */
  readonly isActive: (account: string) => boolean;
}

/** Limits of the parameters: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const assuming = z.object({
  RoleArn: z.string().min(20).max(2048),
  RoleSessionName: z.string().regex(/^[\w+=,.@-]{2,64}$/),
  ExternalId: z
    .string()
    .regex(/^[\w+=,.@:/-]{2,1224}$/)
    .optional(),
  DurationSeconds: z.coerce.number().int().min(900).max(43_200).default(3600),
});

/** A role that is assumed by a role gives an hour at most. */
const CHAINED_SECONDS = 3600;

/**
 * AssumeRole: credentials of a role whose trust policy names the caller, and the external id if it asks for one. A role
 * that is not there is refused in the same words.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
 */
export const assumeRole =
  (dependencies: AssumeRoleDependencies): Operation =>
  (input, call) => {
    const request = readInput(assuming, input, (member, reason) => invalid(`${member}: ${reason}`));
    const role = dependencies.roles.find(request.RoleArn);
    if (role === undefined || !trusts(dependencies, role, { ...call, externalId: request.ExternalId })) {
      throw denied(call, request.RoleArn);
    }
    checkDuration(request.DurationSeconds, role);
    const expiresAt = later(call.now, request.DurationSeconds * SECOND);
    const { account, name } = role;
    const session = dependencies.sessions.begin({ account, role: name, expiresAt });
    return {
      Credentials: {
        AccessKeyId: session.accessKeyId,
        SecretAccessKey: session.secretAccessKey,
        SessionToken: session.sessionToken,
        Expiration: new Date(expiresAt),
      },
      AssumedRoleUser: {
        AssumedRoleId: `AROASIMULATED:${request.RoleSessionName}`,
        Arn: `arn:aws:sts::${account}:assumed-role/${name}/${request.RoleSessionName}`,
      },
    };
  };

const invalid = (message: string): AwsError => new AwsError('ValidationError', message);

const denied = ({ principal }: Call, roleArn: string): AwsError =>
  new AwsError(
    'AccessDenied',
    `User: ${principal} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    403,
  );

function trusts(
  { organizationOf, isActive }: AssumeRoleDependencies,
  role: Role,
  { account, role: caller, principal, externalId }: Call & { readonly externalId: string | undefined },
): boolean {
  const callerArn = `arn:aws:iam::${account}:role/${caller}`;
  const requester = {
    principals: [`arn:aws:iam::${account}:root`, callerArn, principal],
    keys: {
      'sts:externalid': externalId,
      'aws:principalarn': callerArn,
      'aws:principalaccount': account,
      'aws:principalorgid': organizationOf(account),
    },
  };
  return isActive(role.account) && permits(role.trust, 'sts:AssumeRole', requester);
}

function checkDuration(seconds: number, { maxSessionSeconds }: Role): void {
  if (seconds > maxSessionSeconds) {
    throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  if (seconds > CHAINED_SECONDS) {
    throw invalid(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  }
}

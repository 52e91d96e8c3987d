import { type Instant, parseInstant } from '../../../calendar/instant.ts';
import { asSecretArn, splitSecretArn } from '../../domain/secret/secret.ts';
import { eventsArrive } from '../../domain/state/awaited-event.ts';
import { type Checking, type CheckOutcome, checkSecret } from '../look/check-secret.ts';
import { type Examining, examiner } from '../look/examiner.ts';
import type { Service } from '../service.ts';
import { atTarget } from '../target/at-target.ts';
import { isWatchedTarget } from '../target/watched-targets.ts';

/** The request of a deadline schedule or an operator. */
export interface CheckOnRequest {
  /** ARN, or the name of a secret in the account and region of the monitor. */
  readonly secretId: string;
  /** ISO 8601: the deadline for which the check was scheduled. */
  readonly deadline?: string;
}

/** Parts of the service that check one secret on request. */
export type CheckingOnRequest = Checking & Examining & Pick<Service, 'accessTo' | 'accounts'>;

/** Checks one secret because a deadline has come or somebody asked; undefined when no such secret is watched. */
export async function checkOnRequest(
  home: CheckingOnRequest,
  { secretId, deadline }: CheckOnRequest,
): Promise<CheckOutcome | undefined> {
  const arn = asSecretArn(secretId) ?? (await home.catalog.describe(secretId))?.arn;
  if (arn === undefined || arn === home.settings.canarySecretArn) return undefined;
  if (!(await isWatchedTarget(home, splitSecretArn(arn)))) return undefined;
  const service = atTarget(home, splitSecretArn(arn));
  const record = await service.store.readTarget(service.settings.target);
  return checkSecret(
    { ...service, examine: examiner(service) },
    {
      arn,
      evidence: [],
      listed: undefined,
      known: undefined,
      baseline: false,
      eventsArrive: eventsArrive(record, service.clock.now()),
      deadline: pastDeadline(deadline, service.clock.now()),
    },
  );
}

/** A deadline that has not come is none: nobody can have what is found put off. */
function pastDeadline(text: string | undefined, now: Instant): Instant | undefined {
  const deadline = text === undefined ? undefined : parseInstant(text);
  return deadline !== undefined && deadline <= now ? deadline : undefined;
}

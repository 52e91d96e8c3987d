import type { EventRule, JoinedMember, SimulatedAction } from './deployed.ts';
import { type Diagnosis, diagnosing } from './diagnosis.ts';
import { identityDiagnosis } from './permissions.ts';

const look = diagnosing('look-role');
const forward = diagnosing('forward-role');

const REDEPLOY = 'Deploy the stack of the member again.';

/** A member as its rules and the account show it. */
interface Seen {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /** All rules of the default bus. */
  readonly rules: readonly EventRule[];
  /** Name of the role that the monitor looks with. */
  readonly roleName: string;
}

/** Finds the bus of the monitor: the one in another account or region that rules about secrets send to. */
export function joinedMember({ account, region, partition, rules, roleName }: Seen): JoinedMember {
  const busArn = rules
    .filter(({ pattern = '' }) => pattern.includes('aws.secretsmanager'))
    .flatMap(({ targets }) => targets.map(({ arn }) => arn))
    .find((arn) => arn.includes(':event-bus/') && !arn.includes(`:events:${region}:${account}:`));
  const isOfMonitor = busArn?.split(':')[4] === account;
  return {
    account,
    region,
    busArn,
    lookRoleArn: isOfMonitor ? undefined : `arn:${partition}:iam::${account}:role/${roleName}`,
    rules: rules.filter(({ targets }) => targets.some(({ arn }) => arn === busArn)),
  };
}

/** Whether the role of the rules may send to the bus of the monitor; `simulated` is undefined where there is no role. */
export function forwardRoleDiagnoses(
  roleArn: string,
  asked: Pick<SimulatedAction, 'action' | 'resource'>,
  simulated: SimulatedAction | undefined,
): readonly Diagnosis[] {
  if (simulated === undefined)
    return [forward.fail(roleArn, 'The role of the rules does not exist.', REDEPLOY)];
  const diagnosis = identityDiagnosis(roleArn, { ...asked, isDenied: false }, simulated);
  return [{ ...diagnosis, check: 'forward-role' }];
}

/** The diagnosis of a role that is not there. */
export const lookRoleDiagnosis = (roleArn: string): Diagnosis =>
  look.fail(roleArn, 'The role that the monitor looks with does not exist.', REDEPLOY);

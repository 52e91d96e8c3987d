import type { CallerIdentity } from '../../monitor/adapters/sts/caller-identity.ts';
import { secretWord } from '../../monitor/domain/command-line.ts';
import type { RepairPlan } from '../../monitor/domain/repair/repair-plan.ts';
import { CliError } from '../terminal/cli-error.ts';
import { printable, type Terminal } from '../terminal/output.ts';

/** Number of the account's last digits that the operator has to type. */
const DIGITS = 4;

/** The caller and their account. */
interface Caller {
  readonly identity: CallerIdentity;
  readonly alias: string | undefined;
}

/** Shows where and as whom the plan would be applied, and asks the person at the terminal to say it back. */
export async function confirm(
  plan: RepairPlan,
  caller: Caller,
  { ask, stderr }: Pick<Terminal, 'ask' | 'stderr'>,
): Promise<void> {
  if (ask === undefined) throw noTerminal(plan);
  stderr.write(callerLines(caller, plan.region));
  const name = await ask('Name of the secret: ');
  const digits = await ask(`Last ${DIGITS} digits of the account: `);
  if (name === plan.secretName && digits === plan.account.slice(-DIGITS)) return;
  throw unconfirmed(plan.secretName, plan.account, `rotation-monitor fix ${secretWord(plan)} --apply`);
}

/** The same for all secrets of a rotation function, whose name is asked for. */
export async function confirmAll(
  functionArn: string,
  caller: Caller,
  { ask, stderr }: Pick<Terminal, 'ask' | 'stderr'>,
): Promise<void> {
  const [, , , region = '', account = '', , name = ''] = functionArn.split(':');
  if (ask === undefined)
    throw new CliError({
      what: 'Cannot apply repairs without a terminal to confirm them',
      details: ['Nobody can be asked here.'],
      solve: ['Read the list without --apply, and apply it with --yes and the account.'],
      example: `rotation-monitor fix --function ${functionArn} --apply --yes --account ${account}`,
    });
  stderr.write(callerLines(caller, region));
  const typed = await ask('Name of the function: ');
  const digits = await ask(`Last ${DIGITS} digits of the account: `);
  if (typed === name && digits === account.slice(-DIGITS)) return;
  throw unconfirmed(name, account, `rotation-monitor fix --function ${functionArn} --apply`);
}

function callerLines({ identity, alias }: Caller, region: string): string {
  const [, role] = /:assumed-role\/([^/]+)\//.exec(identity.arn) ?? [];
  const lines = [
    `Account  ${identity.account}${alias === undefined ? '' : ` (${alias})`}`,
    `Region   ${region}`,
    `Caller   ${identity.arn}`,
    ...(role === undefined ? [] : [`Role     ${role}`]),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

const unconfirmed = (name: string, account: string, example: string): CliError =>
  new CliError({
    what: 'Cannot apply the plan: it was not confirmed',
    details: [`Expected "${name}" and the last ${DIGITS} digits of account ${account}.`],
    solve: ['Nothing was changed. Repeat the command, if these are the name and the account.'],
    example,
  });

const noTerminal = (plan: RepairPlan): CliError =>
  new CliError({
    what: 'Cannot apply a plan without a terminal to confirm it',
    details: ['Nobody can be asked here.'],
    solve: ['Store the plan, read it, and apply that with --yes and the account.'],
    example: `rotation-monitor fix ${secretWord(plan)} --out plan.json && rotation-monitor fix ${secretWord(plan)} --apply plan.json --yes --account ${plan.account}`,
  });

/** Account and partition of an ARN, as people read them. */
const placeIn = (arn: string): string => `account ${arn.split(':')[4]} in partition ${arn.split(':')[1]}`;

/** Caller and secret have to be in the same account and partition; fails with a CliError when they are not. */
export function sameAccount(
  { account, secretName, secretArn }: Pick<RepairPlan, 'account' | 'secretName' | 'secretArn'>,
  identity: CallerIdentity,
): CallerIdentity {
  const isSame = identity.arn.split(':')[1] === secretArn.split(':')[1];
  if (identity.account === account && isSame) return identity;
  throw new CliError({
    what: `Cannot repair "${secretName}"`,
    details: [`These credentials belong to ${placeIn(identity.arn)}, the secret to ${placeIn(secretArn)}.`],
    solve: ['Log in to the account of the secret, or name a role there with --role-arn.'],
    example: 'aws sts get-caller-identity',
  });
}

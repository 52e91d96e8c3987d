import type { Command } from 'commander';
import type { FoundDeployment } from '../../monitor/compose/operator/compose-deployment.ts';
import { USUAL_DEPLOYMENT } from '../../monitor/config/announcement.ts';
import type { MonitorMemory } from '../../monitor/ports/store/monitor-memory.ts';
import { CliError } from '../terminal/cli-error.ts';
import type { Called } from './calling.ts';
import { causeOf, isAwsError, isOfCredentials } from './cause.ts';

/** The option that names a deployed monitor. */
export interface DeploymentOptions {
  readonly deployment?: string;
}

/** Gives a command the option of {@link DeploymentOptions}. */
export const withDeployment = (command: Command): Command =>
  command.option(
    '--deployment <name>',
    `the deployed monitor to ask: the name of its stack (default: "${USUAL_DEPLOYMENT}"), or the ARN of its SSM parameter`,
  );

/** The answer of a deployed monitor, or why there is none. */
export interface Asked<T> {
  /** Name of the deployment; undefined where none answered. */
  readonly deployment: string | undefined;
  readonly answer: T | undefined;
  /** One sentence; undefined where there is an answer. */
  readonly notAsked: string | undefined;
}

/** A question to the memory of a monitor. */
type Question<T> = (memory: MonitorMemory) => Promise<T>;

/**
 * Asks the deployed monitor. Whoever names one gets an error when it does not answer; else the answer may be missing,
 * and the reason is returned.
 */
export async function askMonitor<T>(
  called: Called,
  { deployment }: DeploymentOptions,
  question: Question<T>,
): Promise<Asked<T>> {
  try {
    const found = await findNamed(called, deployment);
    if (found === undefined)
      return none(`No monitor named "${USUAL_DEPLOYMENT}" was found in ${called.place.region}.`);
    if (found.memory === undefined) return none(`The monitor "${found.name}" is too old to be asked.`);
    return { deployment: found.name, answer: await question(found.memory), notAsked: undefined };
  } catch (error) {
    if (deployment !== undefined || !isAwsError(error) || isOfCredentials(error)) throw error;
    return none(silent(error));
  }
}

/** Says which call to the deployed monitor was not answered. */
function silent(error: unknown): string {
  const permission =
    error instanceof Error && error.name === 'MonitorMemoryError'
      ? 'lambda:InvokeFunction'
      : 'ssm:GetParameter';
  return `The deployed monitor did not answer (${permission} was ${WAS[causeOf(error)] ?? 'not answered'}).`;
}

const WAS: Partial<Record<ReturnType<typeof causeOf>, string>> = {
  denied: 'denied',
  throttled: 'throttled',
  'not-found': 'not found',
};

const none = (notAsked: string): Asked<never> => ({ deployment: undefined, answer: undefined, notAsked });

/** The deployment that was named, or that has the usual name; undefined where nobody named one and none has it. */
export async function findNamed(
  { connected, place }: Called,
  name: string | undefined,
): Promise<FoundDeployment | undefined> {
  const { findDeployment } = await import('../../monitor/compose/operator/compose-deployment.ts');
  const found = await findDeployment(connected, name ?? USUAL_DEPLOYMENT);
  if (found !== undefined || name === undefined) return found;
  throw noDeployment(name, place.region);
}

/** Finds the memory of a deployed monitor for an audit, or says why there is none; whoever names one gets an error. */
export async function auditMemoryFor(
  called: Called,
  { deployment }: DeploymentOptions,
): Promise<Pick<FoundDeployment, 'audits'> & Pick<Asked<never>, 'notAsked'>> {
  try {
    const found = await findNamed(called, deployment);
    if (found !== undefined) return { audits: found.audits, notAsked: undefined };
    return {
      audits: undefined,
      notAsked: `No monitor named "${USUAL_DEPLOYMENT}" was found in ${called.place.region}.`,
    };
  } catch (error) {
    if (deployment !== undefined || !isAwsError(error) || isOfCredentials(error)) throw error;
    return { audits: undefined, notAsked: silent(error) };
  }
}

/** The deployment that a command cannot do without. */
export async function deploymentFor(
  called: Called,
  { deployment }: DeploymentOptions,
): Promise<FoundDeployment> {
  const found = await findNamed(called, deployment);
  if (found !== undefined) return found;
  throw noDeployment(USUAL_DEPLOYMENT, called.place.region);
}

const noDeployment = (name: string, region: string): CliError =>
  new CliError({
    what: `Cannot find a monitor named "${name}"`,
    details: [`No SSM parameter in ${region} announces it.`],
    solve: ['Name the stack of the monitor with --deployment, and its region with --region.'],
    example: `aws ssm describe-parameters --region ${region} --parameter-filters Key=Name,Option=BeginsWith,Values=/rotation-monitor/`,
  });

/** The error of a deployment that lacks a function which a command needs. */
export const tooOld = (name: string): CliError =>
  new CliError({
    what: `Cannot ask the monitor "${name}"`,
    details: ['Its announcement names no function for this.'],
    solve: ['Deploy the present version of the monitor.'],
    example: `aws ssm get-parameter --name /rotation-monitor/${name}`,
  });

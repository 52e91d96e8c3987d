import type { Instant } from '../../calendar/instant.ts';
import { isLive } from '../../monitor/domain/report/exception-record.ts';
import type { Called } from '../aws/calling.ts';
import { deploymentFor, tooOld } from '../aws/deployment.ts';
import { knownCaller } from '../aws/known-caller.ts';
import { type ExceptOptions, nowOf } from './except-options.ts';
import type { ExceptResult, ShownException } from './except-output.ts';
import { exceptionsIn } from './exceptions-file.ts';

/** Lists the exceptions of a file. */
export const exceptionsOfFile = async (file: string, options: ExceptOptions): Promise<ExceptResult> => {
  const { exceptions } = await exceptionsIn(file);
  return listOf({ file, deployment: undefined }, exceptions, nowOf(options));
};

/** Lists the exceptions that a deployed monitor keeps. */
export async function exceptionsOfMonitor(called: Called, options: ExceptOptions): Promise<ExceptResult> {
  const { name, audits } = await deploymentFor(called, options);
  if (audits === undefined) throw tooOld(name);
  const { account } = await knownCaller(called, 'rotation-monitor except --list');
  const exceptions = await audits.exceptions({ account, region: called.connected.region });
  return listOf({ file: undefined, deployment: name }, exceptions, nowOf(options));
}

const listOf = (
  where: Pick<ExceptResult, 'file' | 'deployment'>,
  exceptions: readonly ShownException[],
  now: Instant,
): ExceptResult => ({
  ...where,
  outcome: 'listed',
  because: undefined,
  secret: undefined,
  exceptions: exceptions.filter((each) => isLive(each, now)).sort((a, b) => a.until - b.until),
  now,
});

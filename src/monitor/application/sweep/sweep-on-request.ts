import { plural } from '../../../calendar/plural.ts';
import type { Service } from '../service.ts';
import { atTarget } from '../target/at-target.ts';
import type { SweepReport } from './sweep-report.ts';
import type { SweepRun } from './sweep-run.ts';
import { type SweepingTarget, sweepTarget } from './sweep-target.ts';

/** Parts of the service that sweep on request. */
export type SweepingOnRequest = SweepingTarget & Pick<Service, 'accessTo' | 'parseSweepRequest'>;

/**
 * Begins or goes on with the sweep that a message of the sweep queue asks for; undefined when it is no message of ours.
 * Fails, after all that could be done, when single secrets could not be checked.
 */
export async function sweepOnRequest(
  service: SweepingOnRequest,
  body: string,
  run: Pick<SweepRun, 'id' | 'handOverAt'>,
): Promise<SweepReport | undefined> {
  const request = service.parseSweepRequest(body);
  if (request === undefined) {
    service.log({ level: 'warn', message: 'Dropped a message of the sweep queue that is not understood' });
    return undefined;
  }
  const report = await sweepTarget(
    atTarget(service, request.target),
    { ...run, onPage: () => undefined, reportsFindings: false },
    request,
  );
  if (report.errors.length > 0) {
    const { account, region } = request.target;
    const message = `${plural(report.errors.length, 'secret')} of ${account} ${region} could not be checked`;
    throw new AggregateError(report.errors, message);
  }
  return report;
}

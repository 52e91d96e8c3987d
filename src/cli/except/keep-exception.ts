import { formatInstant } from '../../calendar/instant.ts';
import type { Secret } from '../../monitor/domain/secret/secret.ts';
import type { Called } from '../aws/calling.ts';
import { deploymentFor, tooOld } from '../aws/deployment.ts';
import { knownCaller } from '../aws/known-caller.ts';
import { namedSecret } from '../aws/named-secret.ts';
import { type ExceptOptions, nowOf, type Task } from './except-options.ts';
import type { ExceptResult } from './except-output.ts';
import { addException, endExceptions } from './exceptions-file.ts';

/** Asks for an exception, approves it or ends it, in the deployed monitor or in the file that the options name. */
export async function keepException(
  task: Task,
  called: Called,
  options: ExceptOptions,
): Promise<ExceptResult> {
  const { composeSilencing } = await import('../../monitor/compose/operator/compose-silencing.ts');
  const { catalog } = composeSilencing(called.connected);
  const command = 'rotation-monitor except';
  const secret = await namedSecret(catalog, task.about.id, { place: called.place, command });
  const { arn: by } = await knownCaller(called, 'rotation-monitor except');
  const run: Run = { task, called, options, secret, by };
  return options.file === undefined ? kept(run) : written(run, options.file);
}

interface Run {
  readonly task: Task;
  readonly called: Called;
  readonly options: ExceptOptions;
  readonly secret: Secret;
  /** STS ARN of the caller. */
  readonly by: string;
}

async function kept({ task, called, options, secret, by }: Run): Promise<ExceptResult> {
  const { name, exceptionKeeper } = await deploymentFor(called, options);
  if (exceptionKeeper === undefined) throw tooOld(name);
  const { about, kind, ...step } = task;
  const { ticket } = options;
  const answer = await exceptionKeeper.keep({
    secretArn: secret.arn,
    control: about.control,
    by,
    ...step,
    ...(kind === 'ask' && ticket !== undefined ? { ticket } : {}),
    ...(kind === 'end' ? { end: true } : {}),
  });
  const result = { deployment: name, file: undefined, secret, now: nowOf(options) };
  return answer.outcome === 'refused'
    ? { ...result, ...answer, exceptions: [] }
    : { ...result, ...answer, because: undefined };
}

async function written({ task, options, secret, by }: Run, file: string): Promise<ExceptResult> {
  const now = nowOf(options);
  const { control } = task.about;
  const result = { deployment: undefined, file, secret, now, because: undefined };
  if (task.kind !== 'ask') {
    const { ended, over } = await endExceptions(file, { secretArn: secret.arn, control, now });
    if (ended.length > 0) return { ...result, outcome: 'ended', exceptions: ended };
    const because =
      over === undefined
        ? `The file has no exception of this secret from ${control}.`
        : `The latest exception in the file ended at ${formatInstant(over.until)}.`;
    return { ...result, outcome: 'refused', because, exceptions: [] };
  }
  const added = await addException(file, {
    secretArn: secret.arn,
    control,
    reason: task.reason,
    ticket: options.ticket,
    requestedBy: by,
    approvedBy: options.approver ?? '',
    grantedAt: formatInstant(now),
    until: task.until,
  });
  return { ...result, outcome: 'granted', exceptions: added === undefined ? [] : [added] };
}

import { Command, Option } from 'commander';
import { formatInstant, type Instant } from '../../calendar/instant.ts';
import { systemClock } from '../../monitor/adapters/system/system-clock.ts';
import { CONTROL_IDS, type ControlId } from '../../monitor/domain/report/control.ts';
import { stateAt } from '../../monitor/domain/report/exception-record.ts';
import { parseUntil } from '../../monitor/domain/report/read-exceptions.ts';
import type { Secret } from '../../monitor/domain/secret/secret.ts';
import { type Called, calling } from '../aws/calling.ts';
import { type ConnectionOptions, withConnection } from '../aws/connecting.ts';
import { type DeploymentOptions, deploymentFor, tooOld, withDeployment } from '../aws/deployment.ts';
import { namedSecret } from '../aws/named-secret.ts';
import { type ExceptResult, exceptJson, exceptText, type ShownException } from '../except/except-output.ts';
import { addException, endExceptions, exceptionsIn } from '../except/exceptions-file.ts';
import { CliError } from '../terminal/cli-error.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { instantOption, reading } from '../terminal/options.ts';
import type { Terminal } from '../terminal/output.ts';
import { type PresentationOptions, presentation, withPresentation } from '../terminal/presentation.ts';

interface ExceptOptions extends ConnectionOptions, DeploymentOptions, PresentationOptions {
  readonly control?: ControlId;
  readonly until?: string;
  readonly reason?: string;
  readonly ticket?: string;
  readonly approve?: string;
  readonly approver?: string;
  readonly file?: string;
  readonly end?: true;
  readonly list?: true;
  readonly now?: Instant;
}

const MORE_HELP = `
An exception lets a secret off one control of the audits, for at most 400 days. Audits then say skip, never ok, and name
the reason, who asked and who approved. A failed control of a secret with an open CRITICAL alert stays an alarm.
The deployed monitor keeps exceptions: one person asks, another approves by the id that was printed, each with credentials
of their own. With --file they are kept in a file that is reviewed like code, for audit --exceptions; --approver names
who approves. The day of --until is the last one, in UTC.

Examples:
  rotation-monitor except prod/db --control SecretsManager.1 --until 2027-03-31 --reason 'rotated by hand' --ticket CHG-1
  rotation-monitor except prod/db --control SecretsManager.1 --approve 1k2j3h4g5f6d7
  rotation-monitor except prod/db --control SecretsManager.1 --end
  rotation-monitor except --list --json

Exit codes:
  0  asked for, approved, ended or listed
  1  there was nothing to approve or to end, or whoever asks cannot approve
  2  it could not run, and nothing was changed`;

const untilOption = reading('a day such as 2027-03-31, or a time with a zone', (text) =>
  parseUntil(text) === undefined ? undefined : text,
);

/** `rotation-monitor except`: keeps exceptions from the controls of audits. */
export const exceptCommand = (terminal: Terminal): Command =>
  withPresentation(withDeployment(withConnection(new Command('except'))))
    .description('Except a secret from a control of the audits, for a while.')
    .argument('[secret]', 'its name or ARN, or the id of an alert')
    .addOption(new Option('--control <id>', 'the control, such as SecretsManager.1').choices(CONTROL_IDS))
    .option('--until <day>', 'the last day, such as 2027-03-31', untilOption)
    .option('--reason <text>', 'why the control need not be met')
    .option('--ticket <text>', 'the number or address of the ticket with the decision')
    .addOption(
      new Option('--approve <id>', 'approve what somebody else asks for').conflicts([
        'until',
        'reason',
        'ticket',
        'file',
        'end',
        'list',
      ]),
    )
    .addOption(new Option('--end', 'end the exception').conflicts(['until', 'reason', 'ticket', 'list']))
    .addOption(new Option('--list', 'list the exceptions').conflicts(['until', 'reason', 'ticket']))
    .option('--file <file>', 'keep them in this file (YAML or JSON) and not in the deployed monitor')
    .option('--approver <name>', 'who approves what is written to the file')
    .option('--now <instant>', 'judge as of this time', instantOption)
    .addHelpText('after', MORE_HELP)
    .action((secret: string | undefined, options: ExceptOptions) => except(secret, options, terminal));

/** The task of a run: options of which every one that it needs is there. */
type Task = { readonly about: { readonly id: string; readonly control: ControlId } } & (
  | { readonly kind: 'ask'; readonly until: string; readonly reason: string }
  | { readonly kind: 'approve'; readonly approve: string }
  | { readonly kind: 'end' }
);

async function except(id: string | undefined, options: ExceptOptions, terminal: Terminal): Promise<void> {
  const task = taskOf(id, options);
  const frame = presentation(options, terminal);
  const report = (result: ExceptResult, region: string): void => {
    terminal.exitWith(result.outcome === 'refused' ? EXIT.found : EXIT.well);
    terminal.stdout.write(
      frame.isJson ? `${exceptJson(result)}\n` : exceptText(result, frame.columns, region),
    );
  };
  if (task === undefined && options.file !== undefined)
    return report(await listedIn(options.file, options), '');
  const monitor = options.file === undefined ? ['ssm:GetParameter', 'lambda:InvokeFunction'] : [];
  const call = {
    options,
    terminal,
    secretId: id,
    what: 'Cannot except the secret',
    needs: [...monitor, ...(task === undefined ? [] : ['secretsmanager:DescribeSecret'])],
    command: 'rotation-monitor except',
  };
  await calling(call, async (called) => {
    const result = task === undefined ? await listed(called, options) : await done(task, called, options);
    report(result, called.connected.region);
  });
}

/** Returns the task; undefined for a list. */
function taskOf(id: string | undefined, options: ExceptOptions): Task | undefined {
  const { control, until, reason, approve, approver, file, end, list } = options;
  if (id === undefined && list === true) return undefined;
  const isNamed = id !== undefined && control !== undefined && list !== true;
  if (!isNamed)
    throw usage('A secret goes with --control and what is to be done; --list goes without a secret.');
  const about = { id, control };
  if (approve !== undefined) return { about, kind: 'approve', approve };
  if (end === true) return { about, kind: 'end' };
  if (until === undefined || reason === undefined)
    throw usage(
      'An exception needs --until and --reason. Others approve it with --approve, or end it with --end.',
    );
  if ((file === undefined) !== (approver === undefined))
    throw usage('--file needs --approver, and --approver needs --file: the monitor lets the approver speak.');
  return { about, kind: 'ask', until, reason };
}

const usage = (detail: string): CliError =>
  new CliError({
    what: 'Cannot except like this',
    details: [detail],
    solve: ['Name the secret, the control, the last day, which is at most 400 days away, and the reason.'],
    example:
      "rotation-monitor except prod/db --control SecretsManager.1 --until 2027-03-31 --reason 'rotated by hand'",
  });

const nowOf = ({ now }: ExceptOptions): Instant => now ?? systemClock.now();

const isLive = (now: Instant) => (exception: ShownException) =>
  ['requested', 'in-force'].includes(stateAt(exception, now));

const listedIn = async (file: string, options: ExceptOptions): Promise<ExceptResult> => {
  const { exceptions } = await exceptionsIn(file);
  return listOf({ file, deployment: undefined }, exceptions, nowOf(options));
};

async function listed(called: Called, options: ExceptOptions): Promise<ExceptResult> {
  const { name, audits } = await deploymentFor(called, options);
  if (audits === undefined) throw tooOld(name);
  const { account } = await callerOf(called);
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
  exceptions: exceptions.filter(isLive(now)).sort((a, b) => a.until - b.until),
  now,
});

/** Identity of the caller, which asking and approving need. */
async function callerOf({
  connected,
  place,
}: Called): Promise<{ readonly account: string; readonly arn: string }> {
  const caller = await connected.identity();
  if (caller !== undefined) return caller;
  throw new CliError({
    what: 'Cannot find out who you are',
    details: ['STS did not answer, and an exception names who asks for it and who approves it.'],
    solve: ['Check that the credentials are valid and that this machine reaches STS.'],
    example: `aws sts get-caller-identity --region ${place.region}`,
  });
}

async function done(task: Task, called: Called, options: ExceptOptions): Promise<ExceptResult> {
  const { composeSilencing } = await import('../../monitor/compose/operator/compose-silencing.ts');
  const { catalog } = composeSilencing(called.connected);
  const command = 'rotation-monitor except';
  const secret = await namedSecret(catalog, task.about.id, { place: called.place, command });
  const { arn: by } = await callerOf(called);
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
    const ended = await endExceptions(file, { secretArn: secret.arn, control, now });
    if (ended.length > 0) return { ...result, outcome: 'ended', exceptions: ended };
    const because = `The file excepts the secret from ${control} no longer, or never did.`;
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

import { Command, Option } from 'commander';
import { CONTROL_IDS } from '../../monitor/domain/report/control.ts';
import { parseUntil } from '../../monitor/domain/report/read-exceptions.ts';
import { calling } from '../aws/calling.ts';
import { withConnection } from '../aws/connecting.ts';
import { withDeployment } from '../aws/deployment.ts';
import { type ExceptOptions, taskOf } from '../except/except-options.ts';
import { type ExceptResult, exceptJson, exceptText } from '../except/except-output.ts';
import { keepException } from '../except/keep-exception.ts';
import { exceptionsOfFile, exceptionsOfMonitor } from '../except/list-exceptions.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { instantOption, reading } from '../terminal/options.ts';
import type { Terminal } from '../terminal/output.ts';
import { presentation, withPresentation } from '../terminal/presentation.ts';

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
    return report(await exceptionsOfFile(options.file, options), '');
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
    const result =
      task === undefined
        ? await exceptionsOfMonitor(called, options)
        : await keepException(task, called, options);
    report(result, called.connected.region);
  });
}

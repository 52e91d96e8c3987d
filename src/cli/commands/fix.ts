import { Command, Option } from 'commander';
import type { Advice } from '../../monitor/domain/finding/finding.ts';
import type { RepairPlan } from '../../monitor/domain/repair/repair-plan.ts';
import { calling } from '../aws/calling.ts';
import { withConnection } from '../aws/connecting.ts';
import { withDeployment } from '../aws/deployment.ts';
import { hearCredentials } from '../aws/hear-credentials.ts';
import { functionJson, functionText } from '../fix/fix-function-output.ts';
import { type FixResult, fixJson } from '../fix/fix-json.ts';
import { type Fixing, type FixOptions, fixSecret } from '../fix/fix-secret.ts';
import { planText, refusalText, reportText } from '../fix/fix-text.ts';
import { CliError } from '../terminal/cli-error.ts';
import { clocksOf } from '../terminal/clocks-of.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { accountOption, amountOption, instantOption, rateOption } from '../terminal/options.ts';
import type { Terminal } from '../terminal/output.ts';
import { presentation, withPresentation } from '../terminal/presentation.ts';

const MORE_HELP = `
Without --apply it shows what it would do and changes nothing. It repairs what staging labels and the rotation function
can fix, and refuses the rest with the reason: explain then says what to do.
A version is promoted only after the rotation function has proven its credential with testSecret. AWSPENDING is
removed only while setSecret had not begun, or when you state with --current-works that AWSCURRENT logs in.
Where a monitor is deployed, it records the intent and each result with your identity, and lets one repair of a secret
run at a time. It reads no secret value and touches no policy and no key.

Examples:
  rotation-monitor fix prod/db --region eu-west-1             the plan
  rotation-monitor fix prod/db --apply                        asks for the name and the account, then does it
  rotation-monitor fix prod/db --out plan.json
  rotation-monitor fix prod/db --apply plan.json --yes --account 111122223333
  rotation-monitor fix --function arn:aws:lambda:eu-west-1:111122223333:function:rotate-db --rate 5/min

Exit codes:
  0  nothing is to be repaired, or it is repaired now
  1  something is to be repaired: the plan or the refusal says what; or the target refused the credential
  2  it could not run, and nothing was changed
  3  it stopped half-way; the same command goes on`;

/** `rotation-monitor fix`: the advised repair of one secret, as a plan, and carried out. */
export const fixCommand = (terminal: Terminal): Command =>
  withPresentation(withDeployment(withConnection(new Command('fix'))))
    .description('Plan the repair of one secret, and carry it out with --apply.')
    .argument('[secret]', 'its name or ARN, or the id of an alert')
    .option('--function <arn>', 'repair all secrets of this rotation function, one after the other')
    .option('--rate <rate>', 'how many of them in a minute or an hour (default: 5/min)', rateOption)
    .option('--stop-after-failures <count>', 'how many may fail (default: 1)', amountOption)
    .addOption(new Option('--out <file>', 'store the plan in a file').conflicts('apply'))
    .option('--apply [plan]', 'carry it out: after questions, or exactly as the stored plan says')
    .option('--yes', 'ask nothing; only with a stored plan and --account')
    .option('--account <id>', 'the account that the plan is for', accountOption)
    .option('--current-works', 'state that AWSCURRENT logs in, by your own proof')
    .option('--unrecorded <reason>', 'repair though the monitor cannot record it')
    .option('--now <instant>', 'judge as of this time', instantOption)
    .addHelpText('after', MORE_HELP)
    .action((secret: string | undefined, options: FixOptions) => fix(secret, options, terminal));

/** Rights of looking, and those of a repair. */
const NEEDS = [
  'secretsmanager:DescribeSecret',
  'secretsmanager:ListSecretVersionIds',
  'secretsmanager:UpdateSecretVersionStage',
  'lambda:GetFunctionConfiguration',
  'lambda:GetAlias',
  'lambda:InvokeFunction',
];

async function fix(id: string | undefined, options: FixOptions, terminal: Terminal): Promise<void> {
  checkOne(id, options);
  const what = 'Cannot repair the secret';
  const call = { options, terminal, secretId: id, what, needs: NEEDS, command: commandOf(id, options) };
  await calling(call, async (called) => {
    const { composeRepairing } = await import('../../monitor/compose/operator/compose-repairing.ts');
    const clocks = clocksOf(terminal, options.now);
    const hearing = hearCredentials();
    const repairing = composeRepairing(called.connected, terminal.environment, clocks);
    const service = hearing.ports(repairing, 'catalog', 'inspector', 'history', 'steps', 'stages');
    const fixing = { options, terminal, called, service, hearing };
    if (id === undefined) return fixAll(fixing);
    const result = await fixSecret(id, fixing);
    terminal.exitWith(codeOf(result));
    terminal.stdout.write(written(result, options, terminal));
  });
}

const commandOf = (id: string | undefined, { function: arn }: FixOptions): string =>
  id === undefined ? `rotation-monitor fix --function ${arn}` : `rotation-monitor fix ${id}`;

async function fixAll(fixing: Fixing): Promise<void> {
  const { options, terminal } = fixing;
  const { fixFunction } = await import('../fix/fix-function.ts');
  const result = await fixFunction(options.function ?? '', fixing);
  terminal.exitWith(FUNCTION_CODES[result.outcome]);
  const frame = presentation(options, terminal);
  terminal.stdout.write(frame.isJson ? `${functionJson(result)}\n` : functionText(result, frame));
}

const FUNCTION_CODES = {
  nothing: EXIT.well,
  planned: EXIT.found,
  repaired: EXIT.well,
  stopped: EXIT.halfWay,
} as const;

/** One secret, or all of a function: neither both nor none. */
function checkOne(id: string | undefined, options: FixOptions): void {
  const { function: arn, out, apply, yes, account } = options;
  if (id !== undefined && arn === undefined) {
    checkPace(id, options);
    checkYes(options);
    return;
  }
  const isSound =
    out === undefined && typeof apply !== 'string' && (yes === true) === (account !== undefined);
  if (id === undefined && arn?.startsWith('arn:') === true && isSound) return;
  throw new CliError({
    what: 'Cannot repair like this',
    details: [
      'Either a secret or the ARN of a function is named. With --function, plans are not stored in files.',
    ],
    solve: ['Name one of both; in scripts, --function goes with --apply, --yes and --account.'],
    example: 'rotation-monitor fix prod/db',
  });
}

/** A pace is one of several repairs. */
function checkPace(id: string, { rate, stopAfterFailures }: FixOptions): void {
  if (rate === undefined && stopAfterFailures === undefined) return;
  throw new CliError({
    what: 'Cannot repair one secret at a pace',
    details: ['--rate and --stop-after-failures go with --function, which repairs several secrets.'],
    solve: ['Leave them out, or name the function.'],
    example: `rotation-monitor fix ${id}`,
  });
}

function checkYes({ apply, yes, account }: FixOptions): void {
  const isStored = typeof apply === 'string';
  if (isStored === (yes === true && account !== undefined)) return;
  throw new CliError({
    what: 'Cannot apply a plan like this',
    details: ['A stored plan goes with --yes and --account; without one, both mean nothing.'],
    solve: ['Name the file, say --yes, and name the account; or leave all three out.'],
    example: 'rotation-monitor fix prod/db --apply plan.json --yes --account 111122223333',
  });
}

function codeOf({ proposal, report }: FixResult): number {
  if (report === undefined) return proposal.kind === 'nothing' ? EXIT.well : EXIT.found;
  if (report.outcome === 'repaired') return EXIT.well;
  if (report.outcome === 'disproven') return EXIT.found;
  return report.sent.length === 0 ? EXIT.couldNotRun : EXIT.halfWay;
}

function written(result: FixResult, options: FixOptions, terminal: Terminal): string {
  const frame = presentation(options, terminal);
  if (frame.isJson) return `${fixJson(result)}\n`;
  const { proposal, report, recording, view, asked } = result;
  if (proposal.kind !== 'plan') return refusalText(result, frame);
  if (recording === undefined) return '';
  const known = { view, asked, plan: proposal.plan, recording };
  if (report !== undefined) return reportText(report, known, frame);
  return planText(known, frame, [howToApply(proposal.plan, options)]);
}

const howToApply = ({ account }: RepairPlan, { out }: FixOptions): Advice => ({
  text:
    out === undefined
      ? 'Nothing was changed. The same command with --apply carries this out, after two questions.'
      : `Nothing was changed. Replace --out with --apply, and add --yes --account ${account}: that carries exactly this out, within the hour.`,
  commands: [],
});

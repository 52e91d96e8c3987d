import { writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import type { Instant } from '../../calendar/instant.ts';
import { systemClock } from '../../monitor/adapters/system/system-clock.ts';
import type { RepairReport } from '../../monitor/application/operate/apply-repair.ts';
import type { ProposedRepair } from '../../monitor/application/operate/propose-repair.ts';
import type { Repairing } from '../../monitor/compose/compose-repairing.ts';
import type { RepairPlan } from '../../monitor/domain/repair/repair-plan.ts';
import { type Called, calling } from '../aws/calling.ts';
import { type ConnectionOptions, withConnection } from '../aws/connecting.ts';
import { askMonitor, type DeploymentOptions, withDeployment } from '../aws/deployment.ts';
import { namedSecret } from '../aws/named-secret.ts';
import { confirm, sameAccount } from '../fix/confirm.ts';
import { type FixResult, fixJson } from '../fix/fix-json.ts';
import { planText, refusalText, reportText } from '../fix/fix-text.ts';
import { differenceIn, planFile, readPlan } from '../fix/plan-file.ts';
import type { PlanFile } from '../schemas/fix-schema.ts';
import { CliError } from '../terminal/cli-error.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { accountOption, instantOption } from '../terminal/options.ts';
import type { Terminal } from '../terminal/output.ts';
import { type PresentationOptions, presentation, withPresentation } from '../terminal/presentation.ts';

interface FixOptions extends ConnectionOptions, DeploymentOptions, PresentationOptions {
  readonly out?: string;
  /** The file of a stored plan; true without one. */
  readonly apply?: string | true;
  readonly yes?: true;
  readonly account?: string;
  readonly currentWorks?: true;
  readonly now?: Instant;
}

const MORE_HELP = `
Without --apply it shows what it would do and changes nothing. It repairs what staging labels and the rotation function
can fix, and refuses the rest with the reason: explain then says what to do.
A version is promoted only after the rotation function has proven its credential with testSecret. AWSPENDING is
removed only while setSecret had not begun, or when you state with --current-works that AWSCURRENT logs in.
It reads no secret value and touches no policy and no key.

Examples:
  rotation-monitor fix prod/db --region eu-west-1             the plan
  rotation-monitor fix prod/db --apply                        asks for the name and the account, then does it
  rotation-monitor fix prod/db --out plan.json
  rotation-monitor fix prod/db --apply plan.json --yes --account 111122223333

Exit codes:
  0  nothing is to be repaired, or it is repaired now
  1  something is to be repaired: the plan or the refusal says what; or the target refused the credential
  2  it could not run, and nothing was changed
  3  it stopped half-way; the same command goes on`;

/** `rotation-monitor fix`: the advised repair of one secret, as a plan, and carried out. */
export const fixCommand = (terminal: Terminal): Command =>
  withPresentation(withDeployment(withConnection(new Command('fix'))))
    .description('Plan the repair of one secret, and carry it out with --apply.')
    .argument('<secret>', 'its name or ARN, or the id of an alert')
    .addOption(new Option('--out <file>', 'store the plan in a file').conflicts('apply'))
    .option('--apply [plan]', 'carry it out: after questions, or exactly as the stored plan says')
    .option('--yes', 'ask nothing; only with a stored plan and --account')
    .option('--account <id>', 'the account that the plan is for', accountOption)
    .option('--current-works', 'state that AWSCURRENT logs in, by your own proof')
    .option('--now <instant>', 'judge as of this time', instantOption)
    .addHelpText('after', MORE_HELP)
    .action((secret: string, options: FixOptions) => fix(secret, options, terminal));

/** Rights of looking, and those of a repair. */
const NEEDS = [
  'secretsmanager:DescribeSecret',
  'secretsmanager:ListSecretVersionIds',
  'secretsmanager:UpdateSecretVersionStage',
  'lambda:GetFunctionConfiguration',
  'lambda:GetAlias',
  'lambda:InvokeFunction',
];

async function fix(id: string, options: FixOptions, terminal: Terminal): Promise<void> {
  checkYes(options);
  const what = 'Cannot repair the secret';
  const call = { options, terminal, secretId: id, what, needs: NEEDS, command: `rotation-monitor fix ${id}` };
  await calling(call, async (called) => {
    const { composeRepairing } = await import('../../monitor/compose/compose-repairing.ts');
    const { now } = options;
    const clock = now === undefined ? systemClock : { ...systemClock, now: () => now };
    const service = composeRepairing(called.connected, terminal.environment, clock);
    const result = await fixed(id, { options, terminal, called, service });
    terminal.exitWith(codeOf(result));
    terminal.stdout.write(written(result, options, terminal));
  });
}

interface Fixing {
  readonly options: FixOptions;
  readonly terminal: Terminal;
  readonly called: Called;
  readonly service: Repairing;
}

async function fixed(id: string, { options, terminal, called, service }: Fixing): Promise<FixResult> {
  const { proposeRepair } = await import('../../monitor/application/operate/propose-repair.ts');
  const { place, connected } = called;
  const secret = await namedSecret(service.catalog, id, { place, command: 'rotation-monitor fix' });
  const asked = await askMonitor(called, options, (memory) => memory.secret(secret.arn));
  const hints = { currentWorks: options.currentWorks === true, remembered: asked.answer };
  const proposed = await proposeRepair(service, secret, hints);
  const { proposal, view } = proposed;
  if (proposal.kind !== 'plan') return { ...proposed, plan: undefined, report: undefined };
  const identity = sameAccount(proposal.plan, await connected.identity());
  const plan = planFile(proposal.plan, { by: identity.arn, at: view.at });
  if (options.out !== undefined) await writeFile(options.out, `${JSON.stringify(plan, undefined, 2)}\n`);
  if (options.apply === undefined) return { ...proposed, plan, report: undefined };
  if (options.apply === true) {
    terminal.stderr.write(`${planText(proposal.plan, presentation(options, terminal))}\n`);
    await confirm(proposal.plan, identity, terminal);
  } else checkStored(await readPlan(options.apply, view.at), plan, options);
  return { ...proposed, plan, report: await applied(service, proposal.plan, terminal) };
}

async function applied(service: Repairing, plan: RepairPlan, terminal: Terminal): Promise<RepairReport> {
  const { applyRepair } = await import('../../monitor/application/operate/apply-repair.ts');
  let isInterrupted = false;
  void terminal.interrupted().then(() => {
    isInterrupted = true;
  });
  return applyRepair(
    { ...service, clock: systemClock, isInterrupted: () => isInterrupted, onCall: async () => undefined },
    plan,
  );
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

function checkStored(stored: PlanFile, now: PlanFile, { account }: FixOptions): void {
  const other = stored.account === account ? undefined : `the plan is for account ${stored.account}`;
  const difference = other ?? differenceIn(stored, now);
  if (difference === undefined) return;
  throw new CliError({
    what: `Cannot apply the plan for "${stored.secretName}"`,
    details: [`Something is not as it was when the plan was made: ${difference}.`],
    solve: ['Nothing was changed. Make a new plan and read it.'],
    example: `rotation-monitor fix ${stored.secretName} --out plan.json`,
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
  const { proposal, report } = result;
  if (proposal.kind !== 'plan') return refusalText(result satisfies ProposedRepair, frame);
  return report === undefined ? planText(proposal.plan, frame) : reportText(report, proposal.plan, frame);
}

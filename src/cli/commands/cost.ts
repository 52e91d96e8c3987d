import { Command, Option } from 'commander';
import { systemClock } from '../../monitor/adapters/system/system-clock.ts';
import { calling } from '../aws/calling.ts';
import { type ConnectionOptions, withConnection } from '../aws/connecting.ts';
import { accountMonth } from '../cost/account-month.ts';
import { type AccountReport, type CostReport, costJson } from '../cost/cost-report.ts';
import { costText } from '../cost/cost-text.ts';
import { monitorMonth } from '../cost/monitor-month.ts';
import { savedCalls } from '../cost/saved-calls.ts';
import { amountOption, needing, rulingOut } from '../terminal/options.ts';
import type { Terminal } from '../terminal/output.ts';
import { type PresentationOptions, presentation, withPresentation } from '../terminal/presentation.ts';

interface CostOptions extends ConnectionOptions, PresentationOptions {
  readonly callsPerHour?: number;
  readonly processes?: number;
  readonly ttl?: number;
  readonly hours?: number;
  readonly secrets?: number;
}

const MORE_HELP = `
With --calls-per-hour it computes what a cache or an agent saves, and calls nobody. Else it reads what CloudWatch
counted in the last thirty days, and says what that and the monitor cost. docs/cost.md says how each figure comes about.

Examples:
  rotation-monitor cost --calls-per-hour 1000 --processes 1 --ttl 300
  rotation-monitor cost --region eu-west-1 --profile audit
  rotation-monitor cost --region eu-west-1 --secrets 2500 --json

Exit codes:
  0  the costs are shown
  2  they could not be read`;

/** `rotation-monitor cost`: what calls, secrets and the monitor cost a month, and what a cache saves. */
export const costCommand = (terminal: Terminal): Command => {
  const command = withPresentation(withConnection(new Command('cost')))
    .description('Show what Secrets Manager and the monitor cost a month, and what a cache saves.')
    .addHelpText('after', MORE_HELP);
  for (const option of ofReading()) command.addOption(option);
  return command.action((options: CostOptions) => {
    needing(command, 'callsPerHour', ['processes', 'ttl', 'hours']);
    return cost(options, terminal);
  });
};

const ofReading = (): readonly Option[] => [
  amount('--calls-per-hour <n>', 'how often all processes together read one secret'),
  amount('--processes <n>', 'how many processes have a cache (default: 1)'),
  amount('--ttl <seconds>', 'how long a cache keeps a value (default: 300)'),
  amount('--hours <n>', 'how long they read (default: 720, a month)'),
  ...rulingOut(
    [amount('--secrets <n>', 'how many secrets there are, in place of what AWS counted')],
    ['callsPerHour'],
  ),
];

const amount = (flags: string, description: string): Option =>
  new Option(flags, description).argParser(amountOption);

async function cost(options: CostOptions, terminal: Terminal): Promise<void> {
  const { callsPerHour } = options;
  const report =
    callsPerHour === undefined ? await account(options, terminal) : saving(options, callsPerHour);
  const { isJson, columns } = presentation(options, terminal);
  terminal.stdout.write(isJson ? `${costJson(report)}\n` : costText(report, columns));
}

function saving({ processes = 1, ttl = 300, hours = 720 }: CostOptions, callsPerHour: number): CostReport {
  const reading = { callsPerHour, processes, ttlSeconds: ttl, hours };
  return { kind: 'saving', reading, saved: savedCalls(reading) };
}

const READING = {
  what: 'Cannot read what was used',
  needs: ['cloudwatch:GetMetricData'],
  command: 'rotation-monitor cost',
};

const account = (options: CostOptions, terminal: Terminal): Promise<AccountReport> =>
  calling({ options, terminal, ...READING }, async ({ connected: { sdk, region } }) => {
    const { connectedDashboards } = await import('../../monitor/compose/operator/compose-dashboards.ts');
    const month = await accountMonth(connectedDashboards(sdk), systemClock.now());
    const secrets = options.secrets ?? month.secrets;
    const monitor = secrets === undefined ? undefined : monitorMonth(secrets);
    return { kind: 'account', region, month: { ...month, secrets }, monitor };
  });

import { Command, Option } from 'commander';
import { scenarioNamed } from '../../proving/scenario/read-scenario.ts';
import { calling } from '../aws/calling.ts';
import { type ConnectionOptions, withConnection } from '../aws/connecting.ts';
import { daysOption, hoursOption, portOption, rulingOut, seedOption } from '../terminal/options.ts';
import type { Terminal } from '../terminal/output.ts';

interface PreviewOptions extends ConnectionOptions {
  readonly port: number;
  /** {@link SPEED} when undefined. */
  readonly speed?: number;
  readonly scenario?: string;
  readonly days?: number;
  readonly seed?: number;
  readonly prefix?: string;
}

const MORE_HELP = `
Draws the very JSON that is deployed, from GetMetricData. Without --region, --profile, --role-arn and --endpoint-url it
deploys the monitor with its dashboards and alarms into a simulated AWS on this machine, plays a drill there, and shows
the dashboards while it is played, with the mails people got beside them. The page is served on 127.0.0.1 only.

Examples:
  rotation-monitor dashboards preview                       a drill of forty days, in about two minutes
  rotation-monitor dashboards preview --days 17 --speed 500 the same until day 17, as fast as it goes
  rotation-monitor dashboards preview --scenario ./scenario.json --port 4600
  rotation-monitor dashboards preview --region eu-west-1 --profile audit   those of your account

The dashboards of an account are named after the stack and its region. With another name of the stack than
rotation-monitor, or dashboards that were imported by hand, say with --prefix what their names begin with.

Exit codes:
  0  ended by Ctrl-C or SIGTERM
  2  it could not start: the port is taken, the account cannot be read, faults in the scenario`;

/** `rotation-monitor dashboards`: what is deployed to be looked at. */
export const dashboardsCommand = (terminal: Terminal): Command =>
  new Command('dashboards')
    .description('See the CloudWatch dashboards of the monitor.')
    .addCommand(previewCommand(terminal));

const previewCommand = (terminal: Terminal): Command => {
  const command = withConnection(new Command('preview')).description(
    'Show the dashboards on a local page, live during a drill or those of an account.',
  );
  rulingOut(command.options, DRILL);
  command.option('--port <port>', 'where to serve the page; 0 for any free port', portOption, 0);
  for (const option of [...ofDrill(), ...ofAccount()]) command.addOption(option);
  return command.addHelpText('after', MORE_HELP).action((options: PreviewOptions) => {
    if (options.prefix !== undefined && !namesAccount(options))
      command.error(
        "option '--prefix' means nothing without '--region', '--profile', '--role-arn' or '--endpoint-url'",
      );
    return preview(options, terminal);
  });
};

/** Options of a drill, which those of an account rule out. */
const DRILL: readonly string[] = ['speed', 'scenario', 'days', 'seed'];

const ofDrill = (): readonly Option[] => [
  new Option('--speed <hours>', 'simulated hours a second, at most (default: 8)').argParser(hoursOption),
  new Option('--scenario <file>', 'the scenario to play (JSON), instead of the built-in one'),
  new Option('--days <n>', 'how many days to play, instead of those in the scenario').argParser(daysOption),
  new Option('--seed <n>', 'the seed of all random choices, instead of the one in the scenario').argParser(
    seedOption,
  ),
];

const ofAccount = (): readonly Option[] =>
  rulingOut(
    [new Option('--prefix <text>', 'the prefix of their names, instead of rotation-monitor-REGION-')],
    DRILL,
  );

async function preview(options: PreviewOptions, terminal: Terminal): Promise<void> {
  if (namesAccount(options)) await previewAccount(options, terminal);
  else await previewDrill(options, terminal);
  terminal.stderr.write('Stopped.\n');
}

/** Simulated hours a second at which a person can follow. */
const SPEED = 8;

const namesAccount = ({ region, profile, roleArn, endpointUrl }: PreviewOptions): boolean =>
  [region, profile, roleArn, endpointUrl].some((option) => option !== undefined);

async function previewDrill(options: PreviewOptions, { stdout, interrupted }: Terminal): Promise<void> {
  // Loaded here, so that `--help` does not wait for the simulator and the AWS SDK.
  const [{ drillStage }, { servePreview }] = await Promise.all([
    import('../preview/drill-stage.ts'),
    import('../preview/serve-preview.ts'),
  ]);
  const { scenario: file, days, seed, port, speed = SPEED } = options;
  const read = await scenarioNamed(file ?? 'default');
  const { stage, play, stop } = await drillStage({
    ...read,
    ...(days !== undefined && { days }),
    ...(seed !== undefined && { seed }),
  });
  const running = await servePreview(stage, port);
  stdout.write(`The drill begins; its dashboards are at ${running.url} until Ctrl-C.\n`);
  const ended = interrupted();
  await Promise.race([play(speed), ended]);
  await ended;
  await running.close();
  await stop();
}

const SHOWING = {
  what: 'Cannot show the dashboards',
  needs: ['cloudwatch:GetDashboard', 'cloudwatch:GetMetricData', 'cloudwatch:DescribeAlarms'],
  command: 'rotation-monitor dashboards preview',
};

const previewAccount = (options: PreviewOptions, terminal: Terminal): Promise<void> =>
  calling({ options, terminal, ...SHOWING }, async ({ connected }) => {
    const [{ accountStage }, { servePreview }] = await Promise.all([
      import('../preview/account-stage.ts'),
      import('../preview/serve-preview.ts'),
    ]);
    const running = await servePreview(await accountStage(connected, options.prefix), options.port);
    terminal.stdout.write(`The dashboards are at ${running.url} until Ctrl-C.\n`);
    await terminal.interrupted();
    await running.close();
  });

import { Command, Option } from 'commander';
import type { Instant } from '../../calendar/instant.ts';
import { type FleetStatus, worstFirst } from '../../monitor/application/operate/fleet-status.ts';
import { FINDING_CODES } from '../../monitor/domain/finding/finding.ts';
import type { RememberedTarget } from '../../monitor/ports/store/monitor-memory.ts';
import { calling } from '../aws/calling.ts';
import { type ConnectionOptions, withConnection } from '../aws/connecting.ts';
import { type Asked, askMonitor, type DeploymentOptions, withDeployment } from '../aws/deployment.ts';
import { hearCredentials } from '../aws/hear-credentials.ts';
import { isAskedFor, type StatusFilter } from '../status/status-filter.ts';
import { statusJson } from '../status/status-json.ts';
import {
  alertsIn,
  type FailedRegion,
  isWell,
  type StatusResult,
  troublesOf,
} from '../status/status-result.ts';
import { statusText } from '../status/status-text.ts';
import { sweepProgress } from '../sweep/progress.ts';
import { SWEEPING } from '../sweep/sweep-fault.ts';
import { CliError, renderError } from '../terminal/cli-error.ts';
import { clocksOf } from '../terminal/clocks-of.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { durationOption, instantOption, regionsOption, severityOption } from '../terminal/options.ts';
import { colorsFor, type Terminal } from '../terminal/output.ts';
import { type PresentationOptions, presentation, withPresentation } from '../terminal/presentation.ts';

interface StatusOptions extends ConnectionOptions, DeploymentOptions, PresentationOptions, StatusFilter {
  readonly regions?: readonly string[];
  readonly watch?: number;
  readonly now?: Instant;
}

const MORE_HELP = `
It lists all secrets, worst first: what is wrong and since when, whether rotation is on, whether a version is in use,
when it last rotated and when it is due. It calls ListSecrets, and DescribeSecret and ListSecretVersionIds for what
looks wrong. Where a monitor is deployed, its open alerts count, too, and its last sweep and its last audit are shown.
It reads no secret value and changes nothing. Dates are in UTC.

Examples:
  rotation-monitor status --region eu-west-1
  rotation-monitor status --regions eu-west-1,us-east-1 --severity HIGH
  rotation-monitor status --name 'prod/*' --watch 30s
  rotation-monitor status --json | jq '.secrets[] | select(.inProgress) | .secretName'

Exit codes:
  0  nothing is wrong with the secrets that are asked for
  1  something is, or an alert about them is open
  2  the secrets could not be looked at
  3  those of some regions could not: the others are shown, and the reason is named`;

/** `rotation-monitor status`: the fleet at a glance. */
export const statusCommand = (terminal: Terminal): Command =>
  withPresentation(withDeployment(withConnection(new Command('status'))))
    .description('Show how all secrets stand, worst first. Nothing is changed.')
    .addOption(
      new Option('--regions <list>', 'the regions to look at, with commas between them')
        .argParser(regionsOption)
        .conflicts('region'),
    )
    .addOption(
      new Option('--watch <duration>', 'look again every so often, until Ctrl-C')
        .argParser(durationOption)
        .conflicts('json'),
    )
    .option('--owner <owner>', 'only secrets of this owner')
    .option('--tag <key=value>', 'only secrets with this tag')
    .addOption(
      new Option('--finding <code>', 'only secrets with this finding, or an open alert of this code').choices(
        [...FINDING_CODES],
      ),
    )
    .option('--severity <severity>', 'only findings and open alerts from this severity on', severityOption)
    .option('--name <pattern>', "only secrets of this name; * stands for any text, as in 'prod/*'")
    .option('--now <instant>', 'judge as if it were this time', instantOption)
    .addHelpText('after', MORE_HELP)
    .action((options: StatusOptions) => status(options, terminal));

async function status(options: StatusOptions, terminal: Terminal): Promise<void> {
  if (options.watch === undefined) return show(options, terminal);
  const { watch: everyMs } = options;
  const ended = terminal.interrupted().then(() => true);
  await show(options, terminal);
  while (!(await Promise.race([ended, terminal.clock.pause(everyMs).then(() => false)])))
    await showAgain(options, terminal);
}

/** A later look that fails says why, and the next one follows: one watches at times at which calls fail. */
async function showAgain(options: StatusOptions, terminal: Terminal): Promise<void> {
  try {
    await show(options, terminal);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    terminal.exitWith(EXIT.couldNotRun);
    tell(error, terminal);
  }
}

async function show(options: StatusOptions, terminal: Terminal): Promise<void> {
  const { fleets, failures } = await lookedEverywhere(options, terminal);
  const monitors = fleets.map(({ region, asked }) => ({ region, ...asked }));
  const alerts = alertsIn(monitors);
  // The memory of a monitor lists the gravest first.
  const order = worstFirst((arn) => alerts?.get(arn)?.[0]?.severity);
  const all = fleets.flatMap(({ secrets }) => secrets).sort(order);
  const secrets = all.filter((secret) => isAskedFor(secret, troublesOf(secret, alerts), options));
  const at = fleets[0]?.at ?? terminal.clock.now();
  const result: StatusResult = {
    at,
    monitors,
    observed: all.length,
    secrets,
    failures,
  };
  const isWhole = failures.length === 0;
  terminal.exitWith(!isWhole ? EXIT.halfWay : isWell(secrets, alerts) ? EXIT.well : EXIT.found);
  const frame = presentation(options, terminal);
  terminal.stdout.write(frame.isJson ? `${statusJson(result)}\n` : statusText(result, frame));
}

/** The regions that were looked at, and those that could not be. */
interface LookedEverywhere {
  /** At least one. */
  readonly fleets: readonly Looked[];
  readonly failures: readonly FailedRegion[];
}

/** Looks at each region. One that fails stops no other, and says why; fails where none can be looked at. */
async function lookedEverywhere(options: StatusOptions, terminal: Terminal): Promise<LookedEverywhere> {
  const { regions } = options;
  if (regions === undefined) return { fleets: [await looked(options, terminal)], failures: [] };
  const fleets: Looked[] = [];
  const faults: { readonly region: string; readonly error: CliError }[] = [];
  for (const region of regions) {
    try {
      fleets.push(await looked({ ...options, region }, terminal));
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      faults.push({ region, error });
    }
  }
  const last = fleets.length === 0 ? faults.pop() : undefined;
  for (const { error } of faults) tell(error, terminal);
  if (last !== undefined) throw last.error;
  return { fleets, failures: faults.map(({ region, error }) => ({ region, because: reasonOf(error) })) };
}

const reasonOf = ({ parts: { what, details, solve } }: CliError): string =>
  [...(details.length === 0 ? [`${what}.`] : details), ...solve].join(' ');

const tell = ({ parts }: CliError, { stderr, environment }: Terminal): void =>
  stderr.write(renderError(parts, colorsFor(stderr, environment)));

/** The state of the secrets in one region. */
interface Looked extends FleetStatus {
  readonly region: string;
  readonly asked: Asked<RememberedTarget>;
}

/** A glance: neither functions nor CloudTrail are asked. */
const NOT_CLOSER = { ROTATION_MONITOR_INSPECT_FUNCTIONS: 'false', ROTATION_MONITOR_EVENT_HISTORY: 'false' };

async function looked(options: StatusOptions, terminal: Terminal): Promise<Looked> {
  const call = { options, terminal, ...SWEEPING, command: 'rotation-monitor status' };
  return calling(call, async (called) => {
    const { connected } = called;
    const [{ composeDrySweep }, { fleetStatus }] = await Promise.all([
      import('../../monitor/compose/operator/compose-dry-sweep.ts'),
      import('../../monitor/application/operate/fleet-status.ts'),
    ]);
    const { service, account, wallClock } = composeDrySweep(
      connected,
      { ...terminal.environment, ...NOT_CLOSER },
      clocksOf(terminal, options.now),
    );
    const startedAt = wallClock.now();
    const progress = sweepProgress(terminal.stderr, () => wallClock.now() - startedAt);
    try {
      const hearing = hearCredentials();
      const fleet = await fleetStatus(hearing.ports(service, 'catalog'), progress.onPage);
      if (fleet.failure !== undefined) throw fleet.failure;
      hearing.check();
      const target = {
        account: fleet.secrets[0]?.account ?? (await account) ?? '',
        region: connected.region,
      };
      const asked = await askMonitor(called, options, (memory) => memory.target(target));
      return { ...fleet, region: connected.region, asked };
    } finally {
      progress.end();
    }
  });
}

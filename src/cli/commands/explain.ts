import { Command } from 'commander';
import type { Instant } from '../../calendar/instant.ts';
import type { FunctionLog } from '../../monitor/ports/look/function-log.ts';
import { type Called, calling } from '../aws/calling.ts';
import { type ConnectionOptions, withConnection } from '../aws/connecting.ts';
import { askMonitor, type DeploymentOptions, withDeployment } from '../aws/deployment.ts';
import { hearCredentials } from '../aws/hear-credentials.ts';
import { namedSecret } from '../aws/named-secret.ts';
import { explainJson } from '../explain/explain-json.ts';
import { explainText } from '../explain/explain-text.ts';
import { logLines } from '../explain/log-lines.ts';
import { clocksOf } from '../terminal/clocks-of.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { operand } from '../terminal/operand.ts';
import { instantOption } from '../terminal/options.ts';
import type { Terminal } from '../terminal/output.ts';
import { type PresentationOptions, presentation, withPresentation } from '../terminal/presentation.ts';

interface ExplainOptions extends ConnectionOptions, DeploymentOptions, PresentationOptions {
  readonly now?: Instant;
  readonly logs?: true;
}

const MORE_HELP = `
It shows versions and stages, schedule, timeline, what every detector says and why, what changed before, and what to
do. It calls DescribeSecret and ListSecretVersionIds, and where it is permitted Lambda, CloudWatch and CloudTrail,
which is asked once a second. Where a monitor is deployed, it also shows what that remembers: open alerts, who has
acknowledged them, and the rotations of 400 days. It reads no secret value, stores nothing and sends nothing.
The secret is named by its name, its ARN with or without the suffix, or the id of an alert.

Examples:
  rotation-monitor explain prod/db --region eu-west-1
  rotation-monitor explain prod/db --logs
  rotation-monitor explain prod/db --json | jq '.findings[0].advice'

Exit codes:
  0  nothing is wrong with the secret
  1  something is
  2  the secret could not be looked at`;

/** `rotation-monitor explain`: all that can be known about one secret. */
export const explainCommand = (terminal: Terminal): Command =>
  withPresentation(withDeployment(withConnection(new Command('explain'))))
    .description('Explain one secret: what is wrong, why, and what to do. Nothing is changed.')
    .argument('<secret>', 'its name or ARN, or the id of an alert')
    .option('--logs', 'show the error lines of the failing attempt, redacted; takes logs:FilterLogEvents')
    .option('--now <instant>', 'judge as of this time', instantOption)
    .addHelpText('after', MORE_HELP)
    .action((secret: string, options: ExplainOptions) => explain(secret, options, terminal));

async function explain(id: string, options: ExplainOptions, terminal: Terminal): Promise<void> {
  const call = {
    options,
    terminal,
    secretId: id,
    what: 'Cannot explain the secret',
    needs: [
      'secretsmanager:DescribeSecret',
      'secretsmanager:ListSecretVersionIds',
      'secretsmanager:ListSecrets',
    ],
    command: `rotation-monitor explain ${operand(id)}`,
  };
  await calling(call, async (called) => {
    const { connected, place } = called;
    const [{ composeViewing }, { viewSecret }] = await Promise.all([
      import('../../monitor/compose/operator/compose-viewing.ts'),
      import('../../monitor/application/operate/view-secret.ts'),
    ]);
    const hearing = hearCredentials();
    const viewing = composeViewing(connected, terminal.environment, clocksOf(terminal, options.now));
    const service = hearing.ports(viewing, 'catalog', 'inspector', 'history');
    const secret = await namedSecret(service.catalog, id, { place, command: 'rotation-monitor explain' });
    const asked = await askMonitor(called, options, (memory) => memory.secret(secret.arn));
    const view = await viewSecret(service, secret, asked.answer);
    const log = options.logs === true ? await functionLogFor(called) : undefined;
    const logs = await logLines(view, hearing.ports({ log }, 'log').log);
    hearing.check();
    terminal.exitWith(view.findings.length + view.reported.length > 0 ? EXIT.found : EXIT.well);
    const { isJson, colors, columns } = presentation(options, terminal);
    const frame = { colors, columns, zone: zoneOf(terminal) };
    terminal.stdout.write(
      isJson ? `${explainJson(view, { asked, logs })}\n` : explainText(view, { ...frame, asked, logs }),
    );
  });
}

/** Loads the way to logs where somebody wants it. */
async function functionLogFor({ connected }: Called): Promise<FunctionLog> {
  const { composeFunctionLog } = await import('../../monitor/compose/operator/compose-viewing.ts');
  return composeFunctionLog(connected);
}

/** The zone that the clock on the wall shows. */
const zoneOf = ({ environment }: Terminal): string =>
  environment['TZ'] || new Intl.DateTimeFormat().resolvedOptions().timeZone;

import { Command, Option } from 'commander';
import type { Instant } from '../../calendar/instant.ts';
import { systemClock } from '../../monitor/adapters/system/system-clock.ts';
import type { FoundDeployment } from '../../monitor/compose/operator/compose-deployment.ts';
import type { AcknowledgeRequest, Acknowledger } from '../../monitor/ports/tell/acknowledger.ts';
import { type AckResult, ackJson, ackText } from '../ack/ack-output.ts';
import { type Called, calling } from '../aws/calling.ts';
import { type ConnectionOptions, withConnection } from '../aws/connecting.ts';
import { type DeploymentOptions, deploymentFor, tooOld, withDeployment } from '../aws/deployment.ts';
import { knownCaller } from '../aws/known-caller.ts';
import { namedSecret } from '../aws/named-secret.ts';
import { CliError } from '../terminal/cli-error.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { ackDurationOption, instantOption } from '../terminal/options.ts';
import type { Terminal } from '../terminal/output.ts';
import { type PresentationOptions, presentation, withPresentation } from '../terminal/presentation.ts';

interface AckOptions extends ConnectionOptions, DeploymentOptions, PresentationOptions {
  readonly for?: string;
  readonly reason?: string;
  readonly end?: true;
  readonly list?: true;
  readonly now?: ReturnType<typeof instantOption>;
}

const MORE_HELP = `
Says that somebody is at the open alerts of a secret: they neither repeat nor escalate until then. The acknowledge
function of the deployed monitor writes it, with the ARN of your credentials as the one who states it.

Examples:
  rotation-monitor ack prod/db --for 4h --reason 'replacing the password' --region eu-west-1
  rotation-monitor ack prod/db --end
  rotation-monitor ack --list --json

Exit codes:
  0  acknowledged, ended or listed
  1  the secret has no open alert
  2  it could not run, and nothing was changed`;

/** `rotation-monitor ack`: acknowledges the open alerts of a secret. */
export const ackCommand = (terminal: Terminal): Command =>
  withPresentation(withDeployment(withConnection(new Command('ack'))))
    .description('Say that somebody is at the open alerts of a secret.')
    .argument('[secret]', 'its name or ARN, or the id of an alert')
    .option('--for <duration>', 'how long, up to 7d', ackDurationOption)
    .option('--reason <text>', 'why it takes that long')
    .addOption(new Option('--end', 'take the acknowledgement back').conflicts(['for', 'reason', 'list']))
    .addOption(new Option('--list', 'list what is acknowledged').conflicts(['for', 'reason']))
    .option('--now <instant>', 'list as of this time', instantOption)
    .addHelpText('after', MORE_HELP)
    .action((secret: string | undefined, options: AckOptions) => ack(secret, options, terminal));

async function ack(id: string | undefined, options: AckOptions, terminal: Terminal): Promise<void> {
  check(id, options);
  const what = 'Cannot acknowledge';
  const needs = ['ssm:GetParameter', 'secretsmanager:DescribeSecret', 'lambda:InvokeFunction'];
  const call = { options, terminal, secretId: id, what, needs, command: 'rotation-monitor ack' };
  await calling(call, async (called) => {
    const found = await deploymentFor(called, options);
    const result =
      id === undefined
        ? await listed(called, found, options.now ?? systemClock.now())
        : await written(id, { called, found, options });
    terminal.exitWith(result.outcome === 'no-open-alert' ? EXIT.found : EXIT.well);
    const frame = presentation(options, terminal);
    terminal.stdout.write(frame.isJson ? `${ackJson(result)}\n` : ackText(result, frame.columns));
  });
}

function check(id: string | undefined, { for: duration, end, list }: AckOptions): void {
  const isListing = list === true && id === undefined;
  const isWriting = list !== true && id !== undefined && (duration !== undefined) !== (end === true);
  if (isListing || isWriting) return;
  throw new CliError({
    what: 'Cannot acknowledge like this',
    details: ['A secret goes with --for or --end; --list goes without a secret.'],
    solve: ['Name the secret and how long, or list what is acknowledged.'],
    example: "rotation-monitor ack prod/db --for 4h --reason 'replacing the password'",
  });
}

async function listed(called: Called, { name, memory }: FoundDeployment, now: Instant): Promise<AckResult> {
  const { connected } = called;
  const { account } = await knownCaller(called, 'rotation-monitor ack --list');
  if (memory === undefined) throw tooOld(name);
  const { alerts } = await memory.target({ account, region: connected.region });
  return {
    deployment: name,
    outcome: 'listed',
    secret: undefined,
    request: undefined,
    answer: undefined,
    alerts: alerts.filter(({ ack: word }) => word !== undefined && word.until > now),
  };
}

interface Writing {
  readonly called: Called;
  readonly found: FoundDeployment;
  readonly options: AckOptions;
}

async function written(id: string, { called, found, options }: Writing): Promise<AckResult> {
  const { connected, place } = called;
  const { composeSilencing } = await import('../../monitor/compose/operator/compose-silencing.ts');
  const { catalog } = composeSilencing(connected);
  const secret = await namedSecret(catalog, id, { place, command: 'rotation-monitor ack' });
  const by = (await connected.identity())?.arn ?? 'an unknown caller';
  const { for: duration, reason, end } = options;
  const request: AcknowledgeRequest = {
    secretId: secret.arn,
    by,
    ...(duration === undefined ? {} : { for: duration }),
    ...(reason === undefined ? {} : { reason }),
    ...(end === undefined ? {} : { end }),
  };
  const answer = await acknowledgerOf(found).acknowledge(request);
  const done = end === true ? 'ended' : 'acknowledged';
  const outcome = answer.acknowledged.length === 0 ? 'no-open-alert' : done;
  return { deployment: found.name, outcome, secret, request, answer, alerts: [] };
}

function acknowledgerOf({ name, acknowledger }: FoundDeployment): Acknowledger {
  if (acknowledger !== undefined) return acknowledger;
  throw tooOld(name);
}

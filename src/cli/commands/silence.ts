import { Command, Option } from 'commander';
import { systemClock } from '../../monitor/adapters/system/system-clock.ts';
import type { Silencing } from '../../monitor/compose/operator/compose-silencing.ts';
import { SILENCE_TAGS, silenceTags } from '../../monitor/domain/secret/silence-tags.ts';
import { type Called, calling } from '../aws/calling.ts';
import { type ConnectionOptions, withConnection } from '../aws/connecting.ts';
import { namedSecret } from '../aws/named-secret.ts';
import { type SilenceResult, silenceJson, silenceOf, silenceText } from '../silence/silence-output.ts';
import { CliError } from '../terminal/cli-error.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { instantOption } from '../terminal/options.ts';
import type { Terminal } from '../terminal/output.ts';
import { type PresentationOptions, presentation, withPresentation } from '../terminal/presentation.ts';

interface SilenceOptions extends ConnectionOptions, PresentationOptions {
  readonly until?: string;
  readonly reason?: string;
  readonly end?: true;
  readonly list?: true;
  readonly now?: ReturnType<typeof instantOption>;
}

const MORE_HELP = `
Writes the tags that keep the alerts of a secret quiet until the end of a day, in UTC, at most 90 days away. The monitor
announces the silence once. CRITICAL alerts are sent all the same, unless the settings of the monitor allow it.

Examples:
  rotation-monitor silence prod/db --until 2026-12-31 --reason 'the vendor is closed' --region eu-west-1
  rotation-monitor silence prod/db --end
  rotation-monitor silence --list --json

Exit codes:
  0  silenced, ended or listed
  2  it could not run, and nothing was changed`;

/** `rotation-monitor silence`: keeps the alerts of a secret quiet. */
export const silenceCommand = (terminal: Terminal): Command =>
  withPresentation(withConnection(new Command('silence')))
    .description('Keep the alerts of a secret quiet until the end of a day.')
    .argument('[secret]', 'its name or ARN, or the id of an alert')
    .option('--until <day>', 'the last day, such as 2026-12-31')
    .option('--reason <text>', 'why the alerts may stay quiet')
    .addOption(new Option('--end', 'end the silence').conflicts(['until', 'reason', 'list']))
    .addOption(new Option('--list', 'list the silences').conflicts(['until', 'reason']))
    .option('--now <instant>', 'judge as of this time', instantOption)
    .addHelpText('after', MORE_HELP)
    .action((secret: string | undefined, options: SilenceOptions) => silence(secret, options, terminal));

async function silence(id: string | undefined, options: SilenceOptions, terminal: Terminal): Promise<void> {
  const tags = checked(id, options);
  const needs =
    id === undefined
      ? ['secretsmanager:ListSecrets']
      : ['secretsmanager:DescribeSecret', 'secretsmanager:TagResource', 'secretsmanager:UntagResource'];
  const call = {
    options,
    terminal,
    secretId: id,
    what: 'Cannot silence',
    needs,
    command: 'rotation-monitor silence',
  };
  await calling(call, async (called) => {
    const { composeSilencing } = await import('../../monitor/compose/operator/compose-silencing.ts');
    const service = composeSilencing(called.connected);
    const result =
      id === undefined ? await listed(service, options) : await written(id, { called, service, tags });
    terminal.exitWith(EXIT.well);
    const frame = presentation(options, terminal);
    terminal.stdout.write(frame.isJson ? `${silenceJson(result)}\n` : silenceText(result, frame.columns));
  });
}

type Tags = Readonly<Record<string, string>>;

/** The tags to write; undefined where none are. */
function checked(
  id: string | undefined,
  { until, reason, end, list, now }: SilenceOptions,
): Tags | undefined {
  if (id === undefined && list === true) return undefined;
  if (id !== undefined && end === true) return undefined;
  if (id === undefined || until === undefined || reason === undefined || list === true)
    throw usage('A secret goes with --until and --reason, or with --end; --list goes without a secret.');
  const wanted = silenceTags({ until, reason }, now ?? systemClock.now());
  if ('tags' in wanted) return wanted.tags;
  throw usage(`${wanted.fault.replace(/^./, (first) => first.toUpperCase())}.`);
}

const usage = (detail: string): CliError =>
  new CliError({
    what: 'Cannot silence like this',
    details: [detail],
    solve: ['Name the secret, the last day, which is at most 90 days away, and the reason.'],
    example: "rotation-monitor silence prod/db --until 2026-12-31 --reason 'the vendor is closed'",
  });

async function listed({ catalog }: Silencing, { now }: SilenceOptions): Promise<SilenceResult> {
  const at = now ?? systemClock.now();
  const silences: SilenceResult['silences'][number][] = [];
  for await (const { secrets } of catalog.list())
    silences.push(...secrets.flatMap((secret) => silenceOf(secret) ?? []).filter(({ until }) => until > at));
  return { outcome: 'listed', secret: undefined, silence: undefined, silences };
}

interface Writing {
  readonly called: Called;
  readonly service: Silencing;
  /** Undefined to end the silence. */
  readonly tags: Tags | undefined;
}

async function written(id: string, { called, service, tags }: Writing): Promise<SilenceResult> {
  const { place } = called;
  const secret = await namedSecret(service.catalog, id, { place, command: 'rotation-monitor silence' });
  if (tags === undefined) {
    await service.tags.remove(secret.arn, SILENCE_TAGS);
    return { outcome: 'ended', secret, silence: undefined, silences: [] };
  }
  await service.tags.put(secret.arn, tags);
  const silenced = silenceOf({ ...secret, tags: { ...secret.tags, ...tags } });
  return { outcome: 'silenced', secret, silence: silenced, silences: [] };
}

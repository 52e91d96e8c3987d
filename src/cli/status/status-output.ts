import Table from 'cli-table3';
import { formatDuration, formatInstant, type Instant } from '../../calendar/instant.ts';
import type { SecretStatus } from '../../monitor/application/operate/fleet-status.ts';
import { NO_LINES } from '../terminal/no-lines.ts';
import { type Colors, printable, printableJson } from '../terminal/output.ts';
import { wrapped } from '../terminal/wrap.ts';

/** The state of the secrets in some regions. */
export interface StatusResult {
  readonly at: Instant;
  readonly regions: readonly string[];
  /** Number of secrets, shown or not. */
  readonly observed: number;
  /** Those that are asked for, worst first. */
  readonly secrets: readonly SecretStatus[];
}

/** Facts that are unknown unless a deployed monitor is asked. */
const UNKNOWN = [
  'No deployed monitor was asked: open alerts, acknowledgements and its last sweep are not known.',
];

/** Most secrets that a person is shown. */
const MOST_SHOWN = 40;

/** The secrets as programs read them; `docs/schemas/status.json` describes it. */
export const statusJson = ({ at, regions, observed, secrets }: StatusResult): string =>
  printableJson({
    schemaVersion: 1,
    at: formatInstant(at),
    regions,
    observed,
    secrets: secrets.map(({ arn, name, finding, tags: _tags, account: _account, ...status }) => ({
      secretArn: arn,
      secretName: name,
      region: status.region,
      rotationEnabled: status.rotationEnabled ?? null,
      hasCurrent: status.hasCurrent,
      inProgress: status.inProgress,
      pendingSince: timeJson(status.pendingSince),
      lastRotatedAt: timeJson(status.lastRotatedAt),
      nextRotationAt: timeJson(status.nextRotationAt),
      owner: status.owner ?? null,
      finding:
        finding === undefined
          ? null
          : {
              code: finding.code,
              severity: finding.severity,
              since: formatInstant(finding.since),
              what: finding.what,
            },
    })),
    unknown: UNKNOWN,
  });

const timeJson = (at: Instant | undefined): string | null => (at === undefined ? null : formatInstant(at));

const HEAD = ['SECRET', 'STATE', 'SINCE', 'ROTATION', 'CURRENT', 'ROTATED', 'DUE'] as const;
/** Spaces between columns. */
const GAP = 1;

/** Colors and width of the table. */
interface StatusFrame {
  readonly colors: Colors;
  readonly columns: number;
}

/** The fleet at a glance, worst first; names are wrapped where the terminal is narrow. */
export function statusText(result: StatusResult, { colors, columns }: StatusFrame): string {
  const { at, regions, observed, secrets } = result;
  const shown = secrets.slice(0, MOST_SHOWN);
  const wrong = secrets.filter(({ finding }) => finding !== undefined).length;
  const left = secrets.length - shown.length;
  return [
    `${regions.join(', ')} at ${formatInstant(at)}: ${observed.toLocaleString('en-US')} looked at, ${wrong} in trouble.`,
    '',
    ...(shown.length === 0 ? ['No secret is asked for.'] : [tableOf(shown, at, { colors, columns })]),
    ...(left === 0 ? [] : [`… and ${left.toLocaleString('en-US')} more; --json lists all.`]),
    '',
    ...UNKNOWN.flatMap((line) => wrapped(line, columns)),
    '',
  ].join('\n');
}

function tableOf(secrets: readonly SecretStatus[], at: Instant, { colors, columns }: StatusFrame): string {
  const rows = secrets.map((secret) => cells(secret, at));
  const widths = HEAD.map(
    (head, index) => GAP + Math.max(head.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const others = widths.slice(1).reduce((sum, width) => sum + width, 0);
  const room = Math.max(HEAD[0].length + GAP, columns - others);
  const table = new Table({
    head: HEAD.map((head) => colors.dim(head)),
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': GAP, head: [], border: [] },
    colWidths: widths.map((width, index) => (index === 0 ? Math.min(width, room) : width)),
    wordWrap: true,
    wrapOnWordBoundary: false,
  });
  table.push(...rows.map((row) => [...row]));
  const lines = table.toString().split('\n');
  return lines.map((line) => line.trimEnd()).join('\n');
}

const cells = (secret: SecretStatus, at: Instant): readonly string[] => {
  const { finding, inProgress, pendingSince, rotationEnabled, hasCurrent, lastRotatedAt, nextRotationAt } =
    secret;
  const since = finding?.since ?? pendingSince;
  return [
    printable(secret.name),
    finding?.code ?? (inProgress ? 'in progress' : 'ok'),
    since === undefined ? '-' : formatDuration(at - since),
    rotationEnabled === undefined ? 'none' : rotationEnabled ? 'on' : 'off',
    hasCurrent ? 'yes' : 'no',
    lastRotatedAt === undefined ? 'never' : dayOf(lastRotatedAt),
    nextRotationAt === undefined ? '-' : dayOf(nextRotationAt),
  ];
};

/** A day, in UTC. */
const dayOf = (at: Instant): string => formatInstant(at).slice(5, 10);

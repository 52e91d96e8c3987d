import Table from 'cli-table3';
import { formatDuration, formatInstant, type Instant } from '../../calendar/instant.ts';
import { plural } from '../../calendar/plural.ts';
import type { SecretStatus } from '../../monitor/application/operate/fleet-status.ts';
import type { RememberedAlert } from '../../monitor/ports/store/monitor-memory.ts';
import { NO_LINES } from '../terminal/no-lines.ts';
import { type Colors, printable } from '../terminal/output.ts';
import { wrapped } from '../terminal/wrap.ts';
import {
  type AlertsOf,
  alertsIn,
  type StatusMonitor,
  type StatusResult,
  unknownLines,
} from './status-result.ts';

/** Most secrets that a person is shown. */
const MOST_SHOWN = 40;

const HEAD = ['SECRET', 'STATE', 'SINCE', 'ROTATION', 'CURRENT', 'ROTATED', 'DUE'] as const;
/** The column that a monitor fills. */
const ALERT = 'ALERT';
/** Spaces between columns. */
const GAP = 1;

/** Colors and width of the table. */
interface StatusFrame {
  readonly colors: Colors;
  readonly columns: number;
}

/** The fleet at a glance, worst first; names are wrapped where the terminal is narrow. */
export function statusText(result: StatusResult, { colors, columns }: StatusFrame): string {
  const { at, monitors, observed, secrets } = result;
  const unknown = unknownLines(monitors);
  const shown = secrets.slice(0, MOST_SHOWN);
  const wrong = secrets.filter(({ finding }) => finding !== undefined).length;
  const left = secrets.length - shown.length;
  return [
    `${monitors.map(({ region }) => region).join(', ')} at ${formatInstant(at)}: ${observed.toLocaleString('en-US')} looked at, ${wrong} in trouble.`,
    ...monitors.flatMap((monitor) => monitorLines(monitor, at)),
    '',
    ...(shown.length === 0
      ? ['No secret is asked for.']
      : [tableOf(shown, { at, alerts: alertsIn(monitors), colors, columns })]),
    ...(left === 0 ? [] : [`… and ${left.toLocaleString('en-US')} more; --json lists all.`]),
    '',
    ...unknown.flatMap((line) => wrapped(line, columns)),
    ...(unknown.length === 0 ? [] : ['']),
  ].join('\n');
}

/** Says how the monitor of a region stands. */
function monitorLines({ region, deployment, answer }: StatusMonitor, at: Instant): readonly string[] {
  if (deployment === undefined || answer === undefined) return [];
  const { lastSweepAt, lastAuditAt, alerts, more } = answer;
  const swept =
    lastSweepAt === undefined
      ? 'no complete sweep yet'
      : `last sweep ${formatDuration(at - lastSweepAt)} ago`;
  const audited = lastAuditAt === undefined ? [] : [`last audit ${formatDuration(at - lastAuditAt)} ago`];
  const parts = [swept, ...audited, plural(alerts.length + more, 'open alert')];
  return [`${printable(deployment)} in ${region}: ${parts.join(', ')}.`];
}

/** Contents and frame of the table. */
interface StatusTable extends StatusFrame {
  readonly at: Instant;
  readonly alerts: AlertsOf | undefined;
}

function tableOf(secrets: readonly SecretStatus[], { at, alerts, colors, columns }: StatusTable): string {
  const head = alerts === undefined ? HEAD : [...HEAD, ALERT];
  const rows = secrets.map((secret) => [
    ...cells(secret, at),
    ...(alerts === undefined ? [] : [alertCell(alerts.get(secret.arn) ?? [], at)]),
  ]);
  const widths = widthsFor([head, ...rows], columns);
  const table = new Table({
    head: [...head],
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': GAP, head: [], border: [] },
    colWidths: [...widths],
    wordWrap: true,
    wrapOnWordBoundary: false,
  });
  const [, state = 0] = widths;
  table.push(
    ...rows.map((row) => row.map((cell, index) => (index === 1 ? hyphenated(cell, state - GAP) : cell))),
  );
  const [titles = '', ...lines] = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  // A table that wraps its cells counts what colours them, too.
  return [colors.dim(titles), ...lines].join('\n');
}

/** Letters of a name that stay together, where the state can give way: it is wrapped behind its hyphens. */
const NAME_ROOM = 24;
const STATE_ROOM = 'invalidation-'.length;

/** Returns the widths of the columns: names get what the others leave, and the state gives way to them. */
function widthsFor(rows: readonly (readonly string[])[], columns: number): readonly number[] {
  const full = (rows[0] ?? []).map(
    (_title, index) => GAP + Math.max(...rows.map((row) => row[index]?.length ?? 0)),
  );
  const [name = 0, state = 0, ...rest] = full;
  const room = columns - rest.reduce((sum, width) => sum + width, 0);
  const wanted = Math.min(name, NAME_ROOM + GAP);
  const given = Math.min(state, Math.max(STATE_ROOM + GAP, room - wanted));
  return [Math.min(name, Math.max(HEAD[0].length + GAP, room - given)), given, ...rest];
}

/** The text in lines that end behind a hyphen where it is too long. */
function hyphenated(text: string, room: number): string {
  const lines: string[] = [];
  for (const part of text.split(/(?<=-)/)) {
    const line = lines.at(-1);
    if (line === undefined || line.length + part.length > room) lines.push(part);
    else lines[lines.length - 1] = line + part;
  }
  return lines.join('\n');
}

/** Whether an alert was sent, and whether somebody is at it. */
const alertCell = (alerts: readonly RememberedAlert[], at: Instant): string => {
  if (alerts.length === 0) return '-';
  return alerts.every(({ ack }) => ack !== undefined && ack.until > at) ? 'acked' : 'open';
};

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

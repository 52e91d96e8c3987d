import { formatDuration, formatInstant, type Instant } from '../../calendar/instant.ts';
import { plural } from '../../calendar/plural.ts';
import type { SecretStatus } from '../../monitor/application/operate/fleet-status.ts';
import type { RememberedAlert } from '../../monitor/ports/store/monitor-memory.ts';
import { type Colors, printable } from '../terminal/output.ts';
import { textTable } from '../terminal/text-table.ts';
import { wrapped } from '../terminal/wrap.ts';
import {
  type AlertsOf,
  alertsIn,
  type FailedRegion,
  type StatusMonitor,
  type StatusResult,
  type Trouble,
  troublesOf,
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
  const { at, monitors, observed, secrets, failures } = result;
  const unknown = unknownLines(monitors);
  const shown = secrets.slice(0, MOST_SHOWN);
  const alerts = alertsIn(monitors);
  const wrong = secrets.filter((secret) => troublesOf(secret, alerts).length > 0).length;
  const left = secrets.length - shown.length;
  return [
    `${monitors.map(({ region }) => region).join(', ')} at ${formatInstant(at)}: ${observed.toLocaleString('en-US')} looked at, ${wrong} in trouble.`,
    ...monitors.flatMap((monitor) => monitorLines(monitor, at)),
    ...failures.flatMap((failure) => failureLines(failure, columns)),
    '',
    ...(shown.length === 0
      ? ['No secret is asked for.']
      : [tableOf(shown, { at, alerts, isOfSeveral: monitors.length > 1, colors, columns })]),
    ...(left === 0 ? [] : [`… and ${left.toLocaleString('en-US')} more; --json lists all.`]),
    '',
    ...unknown.flatMap((line) => wrapped(printable(line), columns)),
    ...(unknown.length === 0 ? [] : ['']),
  ].join('\n');
}

const failureLines = ({ region, because }: FailedRegion, columns: number): readonly string[] =>
  wrapped(`${region} was not looked at. ${printable(because)}`, columns);

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
  /** Whether the secrets are of several regions. */
  readonly isOfSeveral: boolean;
}

/** Letters of a name that stay together, where the state can give way. */
const NAME_ROOM = 24;
const STATE_ROOM = 'invalidation-'.length;
const YIELDS = [
  { column: 0, to: NAME_ROOM },
  { column: 1, to: STATE_ROOM },
  { column: 0, to: HEAD[0].length },
];

function tableOf(
  secrets: readonly SecretStatus[],
  { at, alerts, isOfSeveral, colors, columns }: StatusTable,
): string {
  const [secretTitle, ...titles] = HEAD;
  const first = isOfSeveral ? 'REGION, SECRET' : secretTitle;
  const head = [first, ...titles, ...(alerts === undefined ? [] : [ALERT])];
  const nameOf = ({ region, name }: SecretStatus) =>
    isOfSeveral ? `${region} ${printable(name)}` : printable(name);
  const rows = secrets.map((secret) => [
    nameOf(secret),
    ...cells(secret, troublesOf(secret, alerts)[0], at),
    ...(alerts === undefined ? [] : [alertCell(alerts.get(secret.arn) ?? [], at)]),
  ]);
  return textTable(head, rows, { gap: GAP, columns, yields: YIELDS, title: colors.dim });
}

/** Whether an alert was sent, and whether somebody is at it. */
const alertCell = (alerts: readonly RememberedAlert[], at: Instant): string => {
  if (alerts.length === 0) return '-';
  return alerts.every(({ ack }) => ack !== undefined && ack.until > at) ? 'acked' : 'open';
};

const cells = (secret: SecretStatus, worst: Trouble | undefined, at: Instant): readonly string[] => {
  const { inProgress, pendingSince, rotationEnabled, hasCurrent, lastRotatedAt, nextRotationAt } = secret;
  const since = worst?.since ?? pendingSince;
  return [
    worst?.code ?? (inProgress ? 'in progress' : 'ok'),
    since === undefined ? '-' : formatDuration(at - since),
    rotationEnabled === undefined ? 'none' : rotationEnabled ? 'on' : 'off',
    hasCurrent ? 'yes' : 'no',
    lastRotatedAt === undefined ? 'never' : dayOf(lastRotatedAt),
    nextRotationAt === undefined ? '-' : dayOf(nextRotationAt),
  ];
};

/** A day, in UTC. */
const dayOf = (at: Instant): string => formatInstant(at).slice(5, 10);

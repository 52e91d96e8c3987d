import { formatDuration, formatInstant, type Instant, SECOND } from '../../calendar/instant.ts';
import { parseRotationSchedule } from '../../calendar/rotation-schedule.ts';
import {
  adviceOf,
  type ReportedAlert,
  type SecretView,
} from '../../monitor/application/operate/view-secret.ts';
import { isOpen } from '../../monitor/domain/alert/alert.ts';
import { commandLine, secretWord } from '../../monitor/domain/command-line.ts';
import type { Verdict } from '../../monitor/domain/detect/detector.ts';
import { changeLines } from '../../monitor/domain/message/change-lines.ts';
import { isManagedRotation, type Secret } from '../../monitor/domain/secret/secret.ts';
import { isConfirmed } from '../../monitor/domain/state/repair-record.ts';
import type { Asked } from '../aws/deployment.ts';
import { type Colors, printable } from '../terminal/output.ts';
import { hanging, wrapped } from '../terminal/wrap.ts';
import { timelineOf } from './timeline.ts';
import { versionsDiagram } from './versions-diagram.ts';

/** Colors, width and time zone of an explanation. */
export interface ExplainFrame {
  readonly colors: Colors;
  readonly columns: number;
  /** The time zone of whoever reads, such as `Europe/Berlin`. */
  readonly zone: string;
  /** The answer of the deployed monitor, or why there is none. */
  readonly asked: Asked<unknown>;
  /** Lines about the log of the failing attempt. */
  readonly logs: readonly string[];
}

/** Prints the facts about a secret for a person. */
export function explainText(view: SecretView, { colors, columns, zone, asked, logs }: ExplainFrame): string {
  const { secret, findings, reported, at } = view;
  const [finding] = findings;
  const part = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0
      ? []
      : ['', colors.bold(title), ...lines.flatMap((each) => hanging(printable(each), columns))];
  const [worst] = [...findings, ...reported];
  const head = worst === undefined ? colors.green('nothing is wrong') : `${worst.severity} ${worst.code}`;
  return [
    colors.bold(`${printable(secret.name)}: ${head}`),
    printable(secret.arn),
    ...(finding === undefined ? [] : wrapped(printable(finding.what), columns)),
    ...reported.flatMap((alert) => wrapped(reportedLine(alert), columns)),
    ...part('VERSIONS', versionsDiagram(view)),
    ...part('SCHEDULE', scheduleLines(secret, at, zone)),
    ...part('CREDENTIAL IN USE', credentialLines(view)),
    ...part(
      'WHY',
      (finding?.why ?? []).map((why) => `- ${why}`),
    ),
    ...part('DETECTORS', verdictLines(view)),
    ...part('TIMELINE', timelineLines(view)),
    ...part('WHAT CHANGED', changedLines(view)),
    ...part('LOG', logs),
    ...part('ALERTS', alertLines(view)),
    ...part('REPAIRS', repairLines(view)),
    ...part('WHAT TO DO', adviceLines(view)),
    ...part('RETRIEVAL TEST', retrievalTest(view)),
    ...part('NOT KNOWN', unknownLines(view, asked)),
    '',
  ].join('\n');
}

/** An alert that rests on facts which only the monitor has. */
const reportedLine = ({ code, since, meaning }: ReportedAlert): string =>
  `The monitor has reported ${code} since ${formatInstant(since)}. ${meaning} Only the monitor can see whether that is still so.`;

const credentialLines = ({ findings: [finding] }: SecretView): readonly string[] =>
  finding === undefined
    ? ['Nothing suggests that AWSCURRENT does not log in.']
    : [`${finding.credentialInUse.replaceAll('-', ' ')}: ${finding.blastRadius}`];

const verdictLines = ({ verdicts }: SecretView): readonly string[] =>
  verdicts.map(({ detector, verdict }) => `- ${detector.code}: ${reasonOf(detector, verdict)}`);

/** Returns the verdict of a detector with its reason. */
export function reasonOf(
  { requirement, appliesTo }: SecretView['verdicts'][number]['detector'],
  verdict: Verdict,
): string {
  if (verdict === 'clear') return `clear. ${requirement}`;
  if (verdict === 'not-applicable') return `not applicable. It applies ${appliesTo}.`;
  return `${verdict.severity}. ${verdict.what}`;
}

function timelineLines(view: SecretView): readonly string[] {
  const { items, left } = timelineOf(view);
  const earlier = left === 0 ? [] : [`(${left} earlier)`];
  return [...earlier, ...items.map(({ at, what, from }) => `${formatInstant(at)}  ${what} [${from}]`)];
}

function changedLines({ findings: [finding], history }: SecretView): readonly string[] {
  if (finding === undefined) return [];
  if (history.unseen !== undefined)
    return [`It could not be seen: ${history.unseen.permission} was ${history.unseen.reason}.`];
  return (changeLines(finding) ?? []).map((each) => `- ${each}`);
}

const alertLines = ({ remembered }: SecretView): readonly string[] =>
  (remembered?.state?.alerts ?? []).filter(isOpen).map(({ code, severity, openedAt, ack }) => {
    const said =
      ack === undefined
        ? ''
        : ` Acknowledged until ${formatInstant(ack.until)}, stated by ${ack.by}${ack.reason === undefined ? '.' : `: ${ack.reason}`}`;
    return `- ${severity} ${code}, open since ${formatInstant(openedAt)}.${said}`;
  });

/** Repairs that operators stated; CloudTrail confirms those that moved a label. */
const repairLines = ({ remembered, facts, history }: SecretView): readonly string[] =>
  (remembered?.state?.repairs ?? []).flatMap(({ startedAt, by, outcome, calls }) => [
    `- ${formatInstant(startedAt)}: ${outcome ?? 'not ended'}, stated by ${by}.`,
    ...calls.map((call) => {
      const source = isConfirmed(call, facts.evidence, history.calls) ? 'CloudTrail' : 'stated';
      return `  ${call.state}: ${call.what} [${source}]`;
    }),
  ]);

const adviceLines = (view: SecretView): readonly string[] => {
  const {
    secret,
    findings: [finding],
  } = view;
  const isRepairable = finding?.pendingVersionId !== undefined && !isManagedRotation(secret);
  return [
    ...(isRepairable
      ? [
          'This command plans the repair and changes nothing. What follows is the same by hand.',
          fixLine(secret),
        ]
      : []),
    ...adviceOf(view).flatMap(({ text, commands }, index) => [
      `${index + 1}. ${text}`,
      ...commands.map((command) => `   ${command}`),
    ]),
  ];
};

const fixLine = ({ name, arn, region }: Pick<SecretView['secret'], 'name' | 'arn' | 'region'>): string =>
  `rotation-monitor fix ${secretWord({ secretName: name, secretArn: arn })} --region ${region}`;

/** Shows whether the caller may read the secret, and which version it would get; the value itself is not printed. */
const retrievalTest = ({ secret: { arn, region } }: Pick<SecretView, 'secret'>): readonly string[] => [
  'This prints the version that applications get, never the value.',
  commandLine(
    ...['aws', 'secretsmanager', 'get-secret-value'],
    ['--secret-id', arn],
    ['--query', 'VersionId'],
    ['--output', 'text'],
    ['--region', region],
  ),
];

/** Returns the facts that could not be found out, each with its reason. */
export const unknownLines = (
  { inspection, history, secret }: SecretView,
  { notAsked }: Asked<unknown>,
): readonly string[] => [
  ...(notAsked === undefined
    ? []
    : [`${notAsked} Alerts, acknowledgements, leases and earlier events are not known.`]),
  ...(inspection?.unseen ?? []).map(
    ({ permission, reason }) => `The rotation function: ${permission} was ${reason}.`,
  ),
  ...(inspection === undefined && secret.rotationFunctionArn !== undefined
    ? ['Nobody looked at the rotation function.']
    : []),
  ...(history.unseen === undefined
    ? []
    : [`What CloudTrail recorded: ${history.unseen.permission} was ${history.unseen.reason}.`]),
];

/** Returns the lines about the rotation of a secret: its rules, its last rotation, and the end of the next window. */
export function scheduleLines(secret: Secret, now: Instant, zone: string): readonly string[] {
  const { rotationEnabled, rotationRules, lastRotatedAt, nextRotationAt } = secret;
  if (rotationEnabled === undefined) return ['Rotation was never configured.'];
  const schedule = rotationRules && parseRotationSchedule(rotationRules);
  const rules =
    schedule === undefined || 'fault' in schedule ? 'no schedule that can be read' : schedule.text;
  const window = rotationRules?.duration === undefined ? '' : `, window of ${rotationRules.duration}`;
  return [
    `Rotation is ${rotationEnabled ? 'on' : 'off'}: ${rules}${window}.`,
    lastRotatedAt === undefined
      ? 'It has never rotated.'
      : `Last rotation: ${inZones(lastRotatedAt, zone)}, ${formatDuration(now - lastRotatedAt)} ago.`,
    ...(nextRotationAt === undefined ? [] : [nextLine(nextRotationAt, now, zone)]),
    ...openingOf(secret, now, zone),
  ];
}

const nextLine = (dueAt: Instant, now: Instant, zone: string): string =>
  dueAt >= now
    ? `Rotates by: ${inZones(dueAt, zone)}, in ${formatDuration(dueAt - now)}.`
    : `Was due by: ${inZones(dueAt, zone)}, ${formatDuration(now - dueAt)} ago.`;

/**
 * Returns the opening of the window that is open or next, as far as the rules determine it: a rate counts from the last
 * rotation.
 */
function openingOf({ rotationRules, lastRotatedAt }: Secret, now: Instant, zone: string): readonly string[] {
  const schedule = rotationRules && parseRotationSchedule(rotationRules);
  if (schedule === undefined || 'fault' in schedule) return [];
  if (schedule.kind !== 'cron' && lastRotatedAt === undefined) return [];
  const { opensAt, closesAt } = schedule.next(schedule.kind === 'cron' ? now : (lastRotatedAt ?? now));
  return closesAt < now
    ? []
    : [`Next window: from ${inZones(opensAt, zone)} for ${formatDuration(closesAt - opensAt + SECOND)}.`];
}

/** A time in UTC, and as the clock on the wall shows it where that differs. */
export function inZones(at: Instant, zone: string): string {
  const utc = formatInstant(at);
  if (zone === 'UTC') return utc;
  const local = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(at);
  return `${utc} (${local} ${zone})`;
}

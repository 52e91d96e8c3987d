import { formatInstant, type Instant, instant, SECOND } from '../../calendar/instant.ts';
import { plural } from '../../calendar/plural.ts';
import type { ReplayStep } from '../../monitor/application/operate/replay-events.ts';
import { grouped } from '../../monitor/domain/alert/group.ts';
import type { Notification } from '../../monitor/domain/alert/notification.ts';
import { renderMessage } from '../../monitor/domain/message/render-message.ts';
import { type RotationEvent, targetOf } from '../../monitor/domain/rotation/rotation-event.ts';
import { asSecretArn, splitSecretArn } from '../../monitor/domain/secret/secret.ts';
import { type Colors, printable } from '../terminal/output.ts';
import { notTaken, type Replayed, secretOf } from './replay-json.ts';

/** Colors and detail of a replay's text. */
interface ReplayFrame {
  readonly colors: Colors;
  /** Whether each message is shown in full. */
  readonly verbose: boolean;
}

/** The replay as people read it: a line for each event, each message below it, and what nothing was made of. */
export function replayText(replayed: Replayed, frame: ReplayFrame): string {
  const said = replayed.steps.filter(({ kind }) => kind === 'said').length;
  return [
    ...replayed.steps.flatMap((step) => stepLines(step, frame)),
    '',
    `${plural(replayed.parsed.length, 'event')}, ${plural(said, 'message')}.`,
    ...leftOut(replayed),
    'Events do not contain everything: the replay assumes secrets that rotate, the settings of this environment, and no tags.',
    '',
  ].join('\n');
}

const stepLines = (step: ReplayStep, frame: ReplayFrame): readonly string[] =>
  step.kind === 'event' ? [eventLine(step.event, frame.colors)] : saidLines(step, frame);

function eventLine(event: RotationEvent, colors: Colors): string {
  const { account, region } = targetOf(event);
  const arn = asSecretArn(secretOf(event));
  const name = arn === undefined ? secretOf(event) : splitSecretArn(arn).name;
  return [
    colors.dim(clockTime(event.at)),
    `${account} ${region}`,
    printable(name),
    printable(whatHappened(event)),
  ].join('  ');
}

function whatHappened(event: RotationEvent): string {
  const version =
    'versionId' in event && event.versionId !== undefined ? ` of version ${event.versionId}` : '';
  switch (event.kind) {
    case 'secret-changed':
      return `${event.operation} by ${event.actor ?? 'an unknown caller'}${version}`;
    case 'label-moved':
      return `${event.label} moved to version ${event.versionId}`;
    case 'rotation-failed':
    case 'test-rotation-failed':
      return `${event.kind}${event.step === undefined ? '' : ` at ${event.step}`}${version}`;
    default:
      return `${event.kind}${version}`;
  }
}

function saidLines(
  { at, notification }: { readonly at: Instant; readonly notification: Notification },
  { colors, verbose }: ReplayFrame,
): readonly string[] {
  return grouped([notification]).flatMap((group) => {
    const { subject, text } = renderMessage(group, { runbookBaseUrl: undefined });
    const shown = verbose ? text.trimEnd().split('\n') : [notification.finding.what];
    return [
      `${colors.dim(clockTime(at))}  ${colors.bold(printable(subject))}`,
      ...shown.map((line) => `    ${printable(line)}`.trimEnd()),
    ];
  });
}

function leftOut({ parsed }: Replayed): readonly string[] {
  const { ignored, unrecognised } = notTaken(parsed);
  const listed = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([reason, count]) => `${reason} (${count})`)
      .join(', ');
  return [
    ...(Object.keys(ignored).length === 0
      ? []
      : [`Skipped, because they do not affect a rotation: ${listed(ignored)}.`]),
    ...(Object.keys(unrecognised).length === 0 ? [] : [`Not recognised: ${listed(unrecognised)}.`]),
  ];
}

const clockTime = (at: Instant): string => formatInstant(instant(Math.floor(at / SECOND) * SECOND));

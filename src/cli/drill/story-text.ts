import { formatInstant, type Instant, instant, SECOND } from '../../calendar/instant.ts';
import { atLeast, SEVERITIES } from '../../monitor/domain/finding/finding.ts';
import type { StoryItem } from '../../proving/drill/story.ts';
import type { CommandOutcome } from '../../proving/operator/aws-cli.ts';
import type { StepDone } from '../../proving/operator/operator.ts';
import type { Done } from '../../proving/scenario/timeline.ts';
import type { Email } from '../../simulator/sns/delivery.ts';
import { type Colors, printable } from '../terminal/output.ts';

/**
 * Most rotations that are printed of a secret that rotates more often than daily, so that it does not drown the others.
 */
const TOLD_ROTATIONS = 2;
/** Width of the column of names. */
const NAME_WIDTH = 22;

/** Transitions that say again what was said. */
const REPEATING: readonly string[] = ['repeated', 'escalated'];
/** Number of lines that the story shows of a repeated message. */
const REPEATED_LINES = 4;

/** Writes one item of the story as people read it; empty when there is nothing to say. */
export function storyText(item: StoryItem, colors: Colors): string {
  const { at } = item;
  switch (item.kind) {
    case 'rotated':
      return rotated(item, colors);
    case 'attempt-failed': {
      const where = item.step === undefined ? '' : ` at step ${item.step}`;
      const what = `rotation failed${where} (attempt ${item.attempt}, version ${item.versionId})`;
      return line({ at, name: item.secret, text: colors.yellow(what) }, colors);
    }
    case 'mail':
      return mail(item.email, colors);
    case 'done':
      return done(item.done, colors);
    case 'advice':
      return [
        line({ at, name: item.secret, text: colors.cyan('the operator follows the last alert:') }, colors),
        ...item.steps.flatMap((step) => stepLines(step, colors)).map((text) => `${text}\n`),
      ].join('');
  }
}

interface Line {
  readonly at: Instant;
  readonly name: string;
  readonly text: string;
}

const line = ({ at, name, text }: Line, colors: Colors): string =>
  `${colors.dim(clockTime(at))}  ${printable(name).padEnd(NAME_WIDTH)}  ${text}\n`;

/** Whole seconds are enough for people. */
const clockTime = (at: Instant): string => formatInstant(instant(Math.floor(at / SECOND) * SECOND));

function rotated({ at, secret, frequent }: StoryItem & { kind: 'rotated' }, colors: Colors): string {
  if (frequent > TOLD_ROTATIONS) return '';
  const more = frequent === TOLD_ROTATIONS ? ', and so on' : '';
  return line({ at, name: secret, text: colors.dim(`rotated${more}`) }, colors);
}

function mail({ at, address, subject, message, attributes }: Email, colors: Colors): string {
  const rule = colors.dim('  |');
  const isRepeated = REPEATING.includes(attributes['transition'] ?? '');
  const lines = message.split('\n');
  const shown = isRepeated ? [...lines.slice(0, REPEATED_LINES), '[…]'] : lines;
  return [
    line({ at, name: `e-mail to ${address}`, text: colors.bold(paintSubject(subject, colors)) }, colors),
    ...shown.map((text) => `${`${rule} ${printable(text)}`.trimEnd()}\n`),
  ].join('');
}

/** A subject in the colour of its severity, or of an end. */
export function paintSubject(subject: string, colors: Colors): string {
  if (subject.startsWith('[RESOLVED]')) return colors.green(subject);
  const severity = SEVERITIES.find((name) => subject.startsWith(`[${name}]`)) ?? 'LOW';
  return atLeast(severity, 'HIGH') ? colors.red(subject) : colors.yellow(subject);
}

const DEEDS: Readonly<Record<string, string>> = {
  SetFunctionBehaviour: 'the rotation function is changed',
  SetSecretBehaviour: 'the service changes how it handles the secret',
};

function done(event: Done, colors: Colors): string {
  const { entry, refusal } = event;
  if (entry.do === 'advice') return '';
  const details = Object.keys(entry.with).length === 0 ? '' : ` ${printable(JSON.stringify(entry.with))}`;
  const text = `${DEEDS[entry.do] ?? `an operator calls ${entry.do}`}${details}`;
  const refused = refusal === undefined ? '' : colors.red(`: refused, ${printable(refusal)}`);
  return line({ at: event.at, name: entry.secret, text: `${colors.cyan(text)}${refused}` }, colors);
}

/** Returns a deed in words alone; empty for advice, whose steps are printed instead. */
export function deedInBrief({ entry, refusal }: Done): string {
  if (entry.do === 'advice') return '';
  const given = Object.entries(entry.with)
    .map(([name, value]) => CHANGES[`${name}=${String(value)}`])
    .find((text) => text !== undefined);
  const deed = given ?? DEEDS[entry.do] ?? `an operator calls ${entry.do}`;
  const where = typeof entry.with['step'] === 'string' ? ` at ${entry.with['step']}` : '';
  return `${deed}${where}${refusal === undefined ? '' : `: refused, ${refusal}`}`;
}

/** Changes of behaviour, by the parameter that asks for them. */
const CHANGES: Readonly<Record<string, string>> = {
  'behaviour=healthy': 'the rotation function is repaired',
  'behaviour=error': 'the rotation function breaks',
  'behaviour=hang': 'the rotation function begins to hang',
  'missesWindows=true': 'Secrets Manager misses rotation windows',
  'missesWindows=false': 'Secrets Manager meets rotation windows again',
  'leavesPending=true': 'rotations leave AWSPENDING on AWSCURRENT',
  'managedFails=true': 'the owning service begins to fail',
};

function stepLines({ text, leftOut, commands }: StepDone, colors: Colors): readonly string[] {
  if (leftOut !== undefined) return [colors.dim(`    - ${printable(text)} (left out: ${leftOut})`)];
  return [
    `    - ${printable(text)}`,
    ...commands.flatMap(({ line: typed, outcome }) => [
      colors.bold(`      $ ${printable(typed)}`),
      `        ${outcomeText(outcome, colors)}`,
    ]),
  ];
}

function outcomeText(outcome: CommandOutcome, colors: Colors): string {
  switch (outcome.kind) {
    case 'done': {
      const answer = printable(JSON.stringify(outcome.answer ?? {}));
      return outcome.functionError ? colors.red(answer) : colors.green(answer);
    }
    case 'refused':
      return colors.red(printable(outcome.text));
    case 'skipped':
      return colors.dim(printable(outcome.text));
  }
}

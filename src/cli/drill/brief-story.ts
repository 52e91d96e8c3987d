import { formatInstant, type Instant } from '../../calendar/instant.ts';
import { plural } from '../../calendar/plural.ts';
import type { StoryItem, StoryListener } from '../../proving/drill/story.ts';
import type { StepDone } from '../../proving/operator/operator.ts';
import type { Email } from '../../simulator/sns/delivery.ts';
import { type Colors, printable } from '../terminal/output.ts';
import { wrapped } from '../terminal/wrap.ts';
import { deedInBrief, paintSubject } from './story-text.ts';

/** Output of a short story, with its colors and width. */
export interface StoryPage {
  readonly colors: Colors;
  readonly columns: number;
  write(text: string): void;
}

/** Lines of a message that say what, what is at risk and what to do first. */
const LEADING_LINES = 3;
/** Fewer lines of what changes or ends an alert. */
const LINES_OF: Readonly<Record<string, number>> = { rose: 1, resolved: 0 };
/** Indent of the lines below a dated one, in characters. */
const MARGIN = 4;
/** Room for the date and time. */
const DATE_WIDTH = 18;

/**
 * Prints a drill in brief: the first alert in full, later ones by their first three lines, deeds of people in a line.
 * Rotations that go well, single attempts and repeated messages are left to the tables at the end.
 */
export function briefStory(page: StoryPage): StoryListener {
  const said = new Set<string>();
  return (item) => {
    if (item.kind === 'mail') {
      const { at, subject, message } = item.email;
      const once = `${at} ${subject} ${message}`;
      if (isRepetition(item.email) || said.has(once)) return;
      said.add(once);
      page.write(said.size === 1 ? fullMail(item.email, page) : briefMail(item.email, page));
    } else page.write(deed(item, page));
  };
}

const isRepetition = ({ attributes }: Email): boolean => attributes['transition'] === 'repeated';

/** The first message: every line of it, commands unbroken and at the margin, so that they can be copied. */
function fullMail({ at, address, subject, message }: Email, page: StoryPage): string {
  const rule = page.colors.dim('|');
  const body = message
    .split('\n')
    .flatMap((line) =>
      isCommand(line)
        ? [printable(line.trimStart())]
        : (isLink(line) ? [line] : wrapped(line, page.columns - 2)).map((text) =>
            `${rule} ${printable(text)}`.trimEnd(),
          ),
    );
  return lines([
    '',
    headed(at, `e-mail to ${printable(address)}:`, page),
    `${rule} ${page.colors.bold(paintSubject(printable(subject), page.colors))}`,
    ...body,
    '',
  ]);
}

/**
 * Subject and leading lines, a line each. A message about an alert that readers know is reduced: news to its first line,
 * an end or one more reader to the subject.
 */
function briefMail({ at, address, subject, message, attributes }: Email, page: StoryPage): string {
  const title = page.colors.bold(paintSubject(printable(subject), page.colors));
  if (attributes['transition'] === 'escalated')
    return lines([headed(at, `${title} to ${printable(address)}`, page)]);
  const leading = message.split('\n').slice(0, LINES_OF[attributes['transition'] ?? ''] ?? LEADING_LINES);
  const end = leading.indexOf('');
  return lines([
    headed(at, title, page),
    ...leading.slice(0, end === -1 ? undefined : end).map((line) => inOneLine(printable(line), page)),
  ]);
}

/** Returns the line about a deed of a person; empty for a deed that the story leaves out. */
function deed(item: StoryItem, page: StoryPage): string {
  if (item.kind === 'done')
    return told(item.at, ofSecret(item.done.entry.secret, deedInBrief(item.done)), page);
  if (item.kind !== 'advice') return '';
  return told(item.at, ofSecret(item.secret, `the operator follows the alert: ${outcome(item.steps)}`), page);
}

const ofSecret = (secret: string, text: string): string => (text === '' ? '' : `${secret}: ${text}`);

function told(at: Instant, text: string, page: StoryPage): string {
  if (text === '') return '';
  const [first = '', ...rest] = wrapped(printable(text), page.columns - DATE_WIDTH);
  const { cyan } = page.colors;
  return lines([
    headed(at, cyan(first), page),
    ...rest.map((line) => `${' '.repeat(DATE_WIDTH)}${cyan(line)}`),
  ]);
}

/** Counts the commands that were typed, by how they ended. */
function outcome(steps: readonly StepDone[]): string {
  const typed = steps.flatMap(({ commands }) => commands.map(({ outcome: { kind } }) => kind));
  const refused = typed.filter((kind) => kind === 'refused').length;
  return `${plural(typed.length, 'command')}${refused === 0 ? '' : `, ${refused} refused`}`;
}

const headed = (at: Instant, text: string, { colors }: StoryPage): string =>
  `${colors.dim(formatInstant(at).slice(0, 16).replace('T', ' '))}  ${text}`;

/** Set in, and cut between words where it does not fit; `--verbose` shows all of it. */
function inOneLine(text: string, { columns }: StoryPage): string {
  const [first = '', ...rest] = wrapped(text, columns - MARGIN - 1);
  return `${' '.repeat(MARGIN)}${first}${rest.length === 0 ? '' : '…'}`;
}

const isCommand = (line: string): boolean => /^ +aws /.test(line);

/** Lines with a command or an address behind a word. */
const isLink = (line: string): boolean => /^(Explain|Console|Logs): /.test(line);

const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');

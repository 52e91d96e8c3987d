import type { ContextBlock, HeaderBlock, MrkdwnElement, SectionBlock } from '@slack/types';
import { formatDuration, formatInstant } from '../../../calendar/instant.ts';
import { plural } from '../../../calendar/plural.ts';
import type { Advice } from '../../domain/finding/finding.ts';
import type { ChatParts, Link } from '../../domain/message/message.ts';

/** The blocks that alerts are made of. */
type AlertBlock = HeaderBlock | SectionBlock | ContextBlock;

/** The body of a post to an incoming webhook. */
export interface SlackBody {
  /** Shown in notifications and by clients without blocks. */
  readonly text: string;
  readonly blocks: readonly AlertBlock[];
}

/** https://docs.slack.dev/reference/block-kit/blocks/header-block */
const MAX_HEADER = 150;
/** https://docs.slack.dev/reference/block-kit/blocks/section-block */
const MAX_SECTION = 3000;
/** Most characters of the problem and its risk, so that room for advice is left. */
const MAX_WHAT = 2400;
/** Most characters of the recent changes. */
const MAX_CHANGES = 1500;
/** https://docs.slack.dev/reference/block-kit/blocks */
const MAX_BLOCKS = 50;
/**
 * All blocks together, counted as JSON. Slack refuses about 13,200 with `msg_blocks_too_long`, which is documented
 * nowhere. https://github.com/slackapi/bolt-js/issues/2509
 */
const MAX_CHARACTERS = 13_000;
/** Longer addresses are left out: one that is cut leads nowhere. */
const MAX_URL = 1700;
const MAX_LINKS = 3;

/** Writes the body of a Slack message within Slack's limits. Pure. */
export function slackBody(chat: ChatParts): SlackBody {
  const head = [header(chat), what(chat), ...facts(chat), ...explanation(chat)];
  const foot = [...changes(chat), ...acknowledgement(chat), context(chat)];
  return {
    text: escaped([chat.title, ...chat.what.slice(0, 1)].join(': '), MAX_WHAT).trim() || 'Secret rotation',
    blocks: [...head, ...advice(chat.advice, size([...head, ...foot]), head.length + foot.length), ...foot],
  };
}

const header = ({ title }: ChatParts): HeaderBlock => ({
  type: 'header',
  text: { type: 'plain_text', text: oneLine(escaped(title, MAX_HEADER)) || 'Secret rotation', emoji: false },
});

function what({ what: lines, risk }: ChatParts): SectionBlock {
  const half = MAX_WHAT / 2;
  const text = wholeLines(lines, risk === undefined ? MAX_WHAT : half);
  const parts = [text, risk === undefined ? '' : `*Risk:* ${escaped(risk, half)}`].filter(filled);
  return section(parts.join('\n') || '(no details)');
}

/** Lines while they fit, each whole, and how many are left: half a name in a list of secrets is none. */
function wholeLines(lines: readonly string[], longest: number): string {
  const all = escaped(lines.join('\n'), longest + 1);
  if (all.length <= longest) return all;
  const note = (left: number): string => `… and ${plural(left, 'more line')} in the e-mail`;
  const kept: string[] = [];
  let room = longest - note(lines.length).length;
  for (const line of lines) {
    const written = escaped(line, longest);
    room -= written.length + 1;
    if (room < 0) break;
    kept.push(written);
  }
  if (kept.length === 0) return escaped(lines.join('\n'), longest);
  return [...kept, note(lines.length - kept.length)].join('\n');
}

/** State, age and step in one row; each is short by its nature. */
function facts({ severity, transition, since, at, step }: ChatParts): readonly SectionBlock[] {
  const age = since === undefined ? [] : [`*Since:* ${formatInstant(since)} (${formatDuration(at - since)})`];
  const failed = step === undefined ? [] : [`*Failing step:* ${step}`];
  return [
    {
      type: 'section',
      fields: [`*State:* ${transition}`, `*Severity:* ${severity}`, ...age, ...failed].map(mrkdwn),
    },
  ];
}

/** The command that shows more than fits here. */
const explanation = ({ explain }: ChatParts): readonly SectionBlock[] =>
  explain === undefined ? [] : [commandsBlock('*Explain* it in full:', [explain])];

/** Returns the section about changes in the day before the problem began. */
const changes = ({ changes: lines }: ChatParts): readonly SectionBlock[] =>
  lines === undefined
    ? []
    : [section(`*What changed in the day before:*\n${escaped(lines.join('\n'), MAX_CHANGES)}`)];

/** The command whole, or where to find it. */
const acknowledgement = ({ acknowledge }: ChatParts): readonly SectionBlock[] =>
  acknowledge === undefined ? [] : [commandsBlock('*Acknowledge* for 8 hours:', [acknowledge])];

/** Steps in their order while they fit, each whole: half a command is worse than none. */
function advice(steps: readonly Advice[], used: number, blocks: number): readonly AlertBlock[] {
  const fitting: AlertBlock[] = [];
  const note = (left: number): ContextBlock =>
    contextOf([`… and ${plural(left, 'more step')} in the e-mail`]);
  let room = MAX_CHARACTERS - used - size([note(steps.length)]);
  for (const [index, step] of steps.entries()) {
    const block = stepBlock(step, index + 1);
    room -= size([block]);
    if (room < 0 || fitting.length + blocks + 2 > MAX_BLOCKS) return [...fitting, note(steps.length - index)];
    fitting.push(block);
  }
  return fitting;
}

function stepBlock({ text, commands }: Advice, number: number): SectionBlock {
  const said = `*${number}.* ${escaped(text, 1000)}`;
  return commands.length === 0 ? section(said) : commandsBlock(said, commands);
}

function commandsBlock(said: string, commands: readonly string[]): SectionBlock {
  const whole = `${said}\n${codeBlock(commands.map((command) => escaped(command, MAX_SECTION)))}`;
  return section(whole.length <= MAX_SECTION ? whole : `${said}\n_Its commands are in the e-mail._`);
}

function context({ account, region, at, links }: ChatParts): ContextBlock {
  const place = `Account ${escaped(account, 20)}, region ${escaped(region, 40)}`;
  return contextOf([
    `${place}, sent at ${formatInstant(at)}`,
    ...links
      .filter(({ url }) => isLink(url))
      .slice(0, MAX_LINKS)
      .map(linked),
  ]);
}

/** An address that Slack takes between angle brackets, where `|` and `>` would end it. */
const isLink = (url: string): boolean =>
  /^https?:\/\/[!-;=?-{}~]+$/.test(url) && escaped(url, MAX_URL + 1).length <= MAX_URL;
const linked = ({ label, url }: Link): string => `<${escaped(url, MAX_URL)}|${escaped(label, 40)}>`;

const section = (text: string): SectionBlock => ({ type: 'section', text: mrkdwn(text) });
const contextOf = (texts: readonly string[]): ContextBlock => ({
  type: 'context',
  elements: texts.map(mrkdwn),
});
/** Verbatim: nothing in the text becomes a link or a mention unless it was written as one. */
const mrkdwn = (text: string): MrkdwnElement => ({ type: 'mrkdwn', text, verbatim: true });
const oneLine = (text: string): string => text.replaceAll('\n', ' ').trim();
const filled = (text: string): boolean => text.trim() !== '';
const size = (blocks: readonly AlertBlock[]): number => JSON.stringify(blocks).length;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Characters that Slack does not show, or that grow several times over in JSON: control characters, half characters.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/**
 * The text as Slack shows it literally, at most `longest` characters once escaped; a longer one ends in "…".
 * https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
function escaped(text: string, longest: number): string {
  let written = '';
  let shortened = '';
  for (const character of text) {
    const next = character === '\n' ? character : (ENTITIES[character] ?? printable(character));
    if (written.length + next.length > longest) return `${shortened}…`;
    written += next;
    if (written.length < longest) shortened = written;
  }
  return written;
}

const printable = (character: string): string => (UNPRINTABLE.test(character) ? ' ' : character);

/** Lines of code as a block; three backquotes within would end it, so they are kept apart. */
const codeBlock = (lines: readonly string[]): string =>
  `\`\`\`\n${lines.join('\n').replaceAll('```', '` ` `')}\n\`\`\``;

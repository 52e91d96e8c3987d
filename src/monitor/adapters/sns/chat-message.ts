import { type Instant, instant } from '../../../calendar/instant.ts';
import { TRANSITIONS } from '../../domain/alert/notification.ts';
import { type Advice, SEVERITIES } from '../../domain/finding/finding.ts';
import type { ChatParts, Link } from '../../domain/message/message.ts';
import { ROTATION_STEPS } from '../../domain/rotation/rotation-event.ts';
import { shownLine } from '../../domain/shown.ts';
import { MAX_MESSAGE_BYTES } from './publish.ts';

/** The form of the JSON; readers drop any other. */
const VERSION = 1;
/** Characters that remain of each text in a message that is too long for SNS. */
const CUT_AT = 2000;

/** The parts of a message as JSON that SNS takes; one that is too long loses its advice and all but its first line. */
export function encodeChat(chat: ChatParts): string {
  const whole = JSON.stringify({ version: VERSION, ...chat });
  if (Buffer.byteLength(whole) <= MAX_MESSAGE_BYTES) return whole;
  const what = chat.what.slice(0, 1).map(cut);
  const threadId = cut(chat.threadId);
  const risk = chat.risk === undefined ? undefined : cut(chat.risk);
  const short: ChatParts = {
    ...chat,
    title: cut(chat.title),
    what,
    risk,
    threadId,
    advice: [],
    links: [],
    changes: undefined,
    acknowledge: undefined,
    explain: undefined,
  };
  return JSON.stringify({ version: VERSION, ...short });
}

const cut = (text: string): string => (text.length <= CUT_AT ? text : `${text.slice(0, CUT_AT)}…`);

/** Reads what {@link encodeChat} wrote; undefined for anything else, whoever wrote it. Never throws. */
export function parseChat(body: string): ChatParts | undefined {
  const value = parsedJson(body);
  if (!isRecord(value) || value['version'] !== VERSION) return undefined;
  const title = text(value['title']);
  const code = text(value['code']);
  const account = text(value['account']);
  const region = text(value['region']);
  const threadId = text(value['threadId']);
  const transition = oneOf(value['transition'], TRANSITIONS);
  const severity = oneOf(value['severity'], SEVERITIES);
  const at = point(value['at']);
  const what = listOf(value['what'], text);
  const advice = listOf(value['advice'], adviceOf);
  const links = listOf(value['links'], linkOf);
  if (title === undefined || code === undefined || account === undefined || region === undefined)
    return undefined;
  if (threadId === undefined || transition === undefined || severity === undefined || at === undefined)
    return undefined;
  if (what === undefined || advice === undefined || links === undefined) return undefined;
  const parts = { title, code, account, region, threadId, transition, severity, at, what, advice, links };
  const step = oneOf(value['step'], ROTATION_STEPS);
  const changes = listOf(value['changes'], text);
  const acknowledge = text(value['acknowledge']);
  const explain = text(value['explain']);
  const said = { risk: text(value['risk']), since: point(value['since']), step };
  return { ...parts, ...said, changes, acknowledge, explain };
}

function parsedJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? shownLine(value) : undefined;

const oneOf = <T extends string>(value: unknown, words: readonly T[]): T | undefined =>
  words.find((word) => word === value);

const point = (value: unknown): Instant | undefined =>
  typeof value === 'number' && Math.abs(value) <= 8.64e15 ? instant(value) : undefined;

/** Undefined unless every item is one. */
function listOf<T>(value: unknown, read: (item: unknown) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = value.map(read).filter((item) => item !== undefined);
  return items.length === value.length ? items : undefined;
}

function adviceOf(value: unknown): Advice | undefined {
  if (!isRecord(value)) return undefined;
  const said = text(value['text']);
  const commands = listOf(value['commands'], text);
  return said === undefined || commands === undefined ? undefined : { text: said, commands };
}

function linkOf(value: unknown): Link | undefined {
  if (!isRecord(value)) return undefined;
  const label = text(value['label']);
  const url = text(value['url']);
  return label === undefined || url === undefined ? undefined : { label, url };
}

import { DAY, type Instant, instant, SECOND } from '../../../calendar/instant.ts';
import type { GroupRecord, ToldMember } from '../../domain/alert/group-record.ts';
import { arnHash } from '../../domain/arn-hash.ts';
import { SEVERITIES } from '../../domain/finding/finding.ts';
import type { Item } from './state-item.ts';

/** The record of a group is forgotten this long after its last message. */
const FORGET_AFTER_MS = 90 * DAY;
/**
 * Most characters of a record in one item, of one byte each; the rest is in further items. DynamoDB takes 400 KB.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const MAX_PART_BYTES = 200_000;

/** Which of the two sets of further items a record uses: a new record never overwrites what the last one is read from. */
export type Side = 'a' | 'b';

/** The items of a record: the parts have to be written before the head, which names them. */
export interface GroupItems {
  readonly head: Item;
  readonly parts: readonly Item[];
}

/** Key of the head of a record. */
export const groupKey = (key: string): Item => ({ pk: { S: `group#${key}` }, sk: { S: 'group' } });

/** Key of a further item of a record. */
export const partKey = (key: string, side: Side, index: number): Item => ({
  pk: { S: `group#${key}` },
  sk: { S: `group#${side}#${index}` },
});

/** Where the further items of a record are, by its head. */
export function partsOf(head: Item | undefined): { readonly side: Side; readonly count: number } {
  return { side: head?.['side']?.S === 'b' ? 'b' : 'a', count: Number(head?.['parts']?.N ?? 0) };
}

/** The items of a record; `side` is the one that the stored record does not use. */
export function groupItems(record: GroupRecord, side: Side): GroupItems {
  const text = packed(record);
  const chunks = Array.from({ length: Math.ceil(text.length / MAX_PART_BYTES) }, (_, index) =>
    text.slice(index * MAX_PART_BYTES, (index + 1) * MAX_PART_BYTES),
  );
  const [body = '', ...more] = chunks;
  const expiresAt = { N: String(Math.ceil((lastToldAt(record) + FORGET_AFTER_MS) / SECOND)) };
  const whole = { S: arnHash(text) };
  return {
    head: {
      ...groupKey(record.key),
      body: { S: body },
      side: { S: side },
      parts: { N: String(more.length) },
      whole,
      expiresAt,
    },
    parts: more.map((chunk, index) => ({
      ...partKey(record.key, side, index),
      body: { S: chunk },
      whole,
      expiresAt,
    })),
  };
}

/** The record that head and parts hold; undefined where they do not belong together: somebody writes, or one has expired. */
export function groupOf(head: Item, parts: readonly (Item | undefined)[]): GroupRecord | undefined {
  if (parts.some((part) => part?.['whole']?.S !== head['whole']?.S)) return undefined;
  return unpacked([head, ...parts].map((part) => part?.['body']?.S ?? '').join(''));
}

const lastToldAt = ({ toldAt = instant(0), escalatedAt, repeatedAt, ended }: GroupRecord): Instant =>
  [escalatedAt, repeatedAt, ...Object.values(ended)].reduce<Instant>(
    (latest, at) => (at !== undefined && at > latest ? at : latest),
    toldAt,
  );

/** Members as words of a hash, a digit for the severity and the time in base 36; texts without bytes beyond ASCII. */
function packed({ members, ended, ...record }: GroupRecord): string {
  const told = Object.entries(members).map(
    ([member, { severity, at }]) => `${member}.${SEVERITIES.indexOf(severity)}${at.toString(36)}`,
  );
  const over = Object.entries(ended).map(([member, at]) => `${member}.${at.toString(36)}`);
  return asciiJson({ ...record, members: told.join(' '), ended: over.join(' ') });
}

const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

type Packed = Omit<GroupRecord, 'members' | 'ended'> & { readonly members: string; readonly ended: string };

function unpacked(text: string): GroupRecord {
  const { members, ended, ...record } = JSON.parse(text) as Packed;
  return {
    ...record,
    members: entries(members, (told): ToldMember => {
      const severity = SEVERITIES[Number(told[0])];
      if (severity === undefined) throw new SyntaxError(`Cannot read the severity "${told[0]}" of a group`);
      return { severity, at: time(told.slice(1)) };
    }),
    ended: entries(ended, time),
  };
}

const time = (text: string): Instant => instant(Number.parseInt(text, 36));

const entries = <T>(words: string, read: (text: string) => T): Readonly<Record<string, T>> =>
  Object.fromEntries(
    words
      .split(' ')
      .filter((word) => word !== '')
      .map((word) => {
        const dot = word.indexOf('.');
        return [word.slice(0, dot), read(word.slice(dot + 1))];
      }),
  );

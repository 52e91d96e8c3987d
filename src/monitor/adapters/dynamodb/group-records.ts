import { DAY, type Instant, instant, SECOND } from '../../../calendar/instant.ts';
import type { GroupRecord, ToldMember, Unnamed, UnnamedSecret } from '../../domain/alert/group-record.ts';
import { arnHash } from '../../domain/arn-hash.ts';
import { FINDING_CODES, SEVERITIES } from '../../domain/finding/finding.ts';
import type { GroupStore } from '../../ports/store/alert-store.ts';
import {
  number,
  object,
  optional,
  or,
  past,
  type Reader,
  type ReadingGiven,
  readJson,
  recordOf,
  someOf,
  text,
  time,
  Unreadable,
  wordOf,
} from '../aws/record/schema.ts';
import type { Item } from './state-item.ts';
import type { TableAccess } from './table-access.ts';

/** Reads an item of a kind by the clock, and counts it where it cannot be read whole. */
export type ReadItem = <T>(kind: string, read: (given: ReadingGiven) => T | undefined) => T | undefined;

/**
 * Records of groups. A large one is several items: the further ones are written first, beside those of the last record,
 * so that whoever dies in between leaves the last record whole.
 */
export const groupRecords = (table: TableAccess, readItem: ReadItem): GroupStore => ({
  async readGroup(key) {
    const head = await table.getByKey(groupKey(key));
    if (head === undefined) return undefined;
    const { side, count } = partsOf(head);
    const parts = Array.from({ length: count }, (_, index) => table.getByKey(partKey(key, side, index)));
    const read = await Promise.all(parts);
    if (!isWhole(head, read)) return undefined;
    return readItem('group', (given) => {
      const record = groupOf(head, read, given);
      return record?.key === key ? record : undefined;
    });
  },
  async writeGroup(record) {
    const first = groupItems(record, 'a');
    const isSideTaken =
      first.parts.length > 0 && partsOf(await table.getByKey(groupKey(record.key))).side === 'a';
    const { head, parts } = isSideTaken ? groupItems(record, 'b') : first;
    for (const Item of parts) await table.put({ Item });
    await table.put({ Item: head });
  },
});

/** The record of a group is forgotten this long after its last message. */
const FORGET_AFTER_MS = 90 * DAY;
/**
 * Most characters of a record in one item, of one byte each; the rest is in further items. DynamoDB takes 400 KB.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const MAX_PART_BYTES = 200_000;

/** More than a record of all secrets that there can be takes; who names more has not been written by the monitor. */
const MAX_PARTS = 1000;

/** The two sets of further items that a record alternates between: a new record never overwrites the one being read. */
type Side = 'a' | 'b';

/** The items of a record: the parts have to be written before the head, which names them. */
interface GroupItems {
  readonly head: Item;
  readonly parts: readonly Item[];
}

/** Key of the head of a record. */
const groupKey = (key: string): Item => ({ pk: { S: `group#${key}` }, sk: { S: 'group' } });

/** Key of a further item of a record. */
const partKey = (key: string, side: Side, index: number): Item => ({
  pk: { S: `group#${key}` },
  sk: { S: `group#${side}#${index}` },
});

/** Returns the set and number of a record's further items, from its head. */
function partsOf(head: Item | undefined): { readonly side: Side; readonly count: number } {
  const count = Number(head?.['parts']?.N ?? 0);
  return {
    side: head?.['side']?.S === 'b' ? 'b' : 'a',
    count: count <= MAX_PARTS ? Math.max(0, Math.trunc(count)) : 0,
  };
}

/** The items of a record; `side` is the one that the stored record does not use. */
function groupItems(record: GroupRecord, side: Side): GroupItems {
  const written = packed(record);
  const chunks = Array.from({ length: Math.ceil(written.length / MAX_PART_BYTES) }, (_, index) =>
    written.slice(index * MAX_PART_BYTES, (index + 1) * MAX_PART_BYTES),
  );
  const [body = '', ...more] = chunks;
  const expiresAt = { N: String(Math.ceil((lastToldAt(record) + FORGET_AFTER_MS) / SECOND)) };
  const whole = { S: arnHash(written) };
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

/**
 * The record that head and parts hold; undefined where they cannot be read or do not belong together: somebody writes,
 * or one has expired.
 */
export function groupOf(
  head: Item,
  parts: readonly (Item | undefined)[],
  given?: ReadingGiven,
): GroupRecord | undefined {
  if (!isWhole(head, parts)) return undefined;
  const json = [head, ...parts].map((part) => part?.['body']?.S ?? '').join('');
  return readJson(json, groupRecord, given);
}

/** Whether head and parts belong together. */
const isWhole = (head: Item, parts: readonly (Item | undefined)[]): boolean =>
  parts.every((part) => part?.['whole']?.S === head['whole']?.S);

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

const timeIn: Reader<Instant> = (word, reading) => past(Number.parseInt(text(word, reading), 36), reading);

const toldMember: Reader<ToldMember> = (value, reading) => {
  const word = text(value, reading);
  const severity = SEVERITIES[Number(word[0])];
  if (severity === undefined) throw new Unreadable('a severity');
  return { severity, at: timeIn(word.slice(1), reading) };
};

/**
 * Those words of a text that can be read, each with what is read of it; the text may be as long as items of DynamoDB
 * are.
 */
const words =
  <T>(read: Reader<T>): Reader<Readonly<Record<string, T>>> =>
  (value, reading) => {
    if (typeof value !== 'string') throw new Unreadable('a text');
    return recordOf(read)(entries(value), reading);
  };

const groupRecord: Reader<GroupRecord> = object<GroupRecord>({
  key: text,
  members: words(toldMember),
  ended: words(timeIn),
  toldAt: optional(past),
  escalatedAt: optional(past),
  repeatedAt: optional(past),
  peak: number,
  unnamed: or(
    optional(
      object<Unnamed>({
        account: text,
        region: text,
        owner: optional(text),
        rotationFunctionArn: optional(text),
        at: past,
        crowd: number,
        secrets: someOf(
          object<UnnamedSecret>({
            member: text,
            secretName: text,
            severity: wordOf(SEVERITIES),
            code: wordOf(FINDING_CODES),
            since: time,
          }),
        ),
      }),
    ),
    undefined,
  ),
});

const entries = (words: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    words
      .split(' ')
      .filter((word) => word !== '')
      .map((word) => {
        const dot = word.indexOf('.');
        return [word.slice(0, dot), word.slice(dot + 1)];
      }),
  );

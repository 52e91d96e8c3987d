import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeChat, parseChat } from '../../../../../src/monitor/adapters/sns/chat-message.ts';
import type { ChatParts } from '../../../../../src/monitor/domain/message/message.ts';
import { shown } from '../../../../../src/monitor/domain/shown.ts';
import { aChat } from '../../../../contract/notifier.suite.ts';
import { anyChat } from '../../../../support/any-chat.ts';
import { NOW } from '../../../../support/builders.ts';

test('what is written is read back as it was, past the gate', () => {
  void fc.assert(
    fc.property(anyChat, (chat) => {
      fc.pre(Buffer.byteLength(JSON.stringify(chat)) < 240 * 1024);
      expect(parseChat(encodeChat(chat))).toEqual(shown(chat));
    }),
  );
});

test('whatever is said, in however many and long words, SNS takes the JSON of it', () => {
  void fc.assert(
    fc.property(anyChat, fc.nat(30), (chat, times) => {
      const many = <T>(items: readonly T[]): readonly T[] =>
        Array.from({ length: times }, () => items).flat();
      const long: ChatParts = {
        ...chat,
        title: chat.title.repeat(times),
        what: many(chat.what),
        risk: chat.risk?.repeat(times),
        advice: many(chat.advice),
        links: many(chat.links),
      };
      expect(Buffer.byteLength(encodeChat(long))).toBeLessThanOrEqual(248 * 1024);
      expect(parseChat(encodeChat(long))).toBeDefined();
    }),
    { numRuns: 20 },
  );
});

test('a message too long for SNS keeps its title, its first line and its thread', () => {
  const long = '"'.repeat(300_000);
  const chat = aChat({
    title: long,
    what: [long, long],
    risk: long,
    advice: [{ text: long, commands: [long] }],
    since: NOW,
  });
  const written = encodeChat(chat);
  expect(Buffer.byteLength(written)).toBeLessThanOrEqual(248 * 1024);
  const read = parseChat(written);
  expect(read).toMatchObject({ threadId: chat.threadId, since: NOW, advice: [], links: [] });
  expect(read?.title).toHaveLength(2001);
  expect(read?.what).toHaveLength(1);
});

test('a message without a risk can be too long too', () => {
  const written = encodeChat(aChat({ what: ['x'.repeat(300_000)], risk: undefined }));
  expect(parseChat(written)?.risk).toBeUndefined();
});

test('reading never throws, whatever the JSON', () => {
  void fc.assert(
    fc.property(fc.json(), (body) => {
      expect(parseChat(body)).toBeUndefined();
    }),
  );
  for (const body of ['', '{', 'null', '[]', '{"version":2}']) expect(parseChat(body)).toBeUndefined();
});

test.each([
  ['title', undefined],
  ['code', 5],
  ['account', null],
  ['region', {}],
  ['threadId', undefined],
  ['transition', 'exploded'],
  ['severity', 'WORST'],
  ['at', 1e300],
  ['at', 'now'],
  ['what', 'text'],
  ['what', ['text', 5]],
  ['advice', [null]],
  ['advice', [{ text: 'Do.' }]],
  ['advice', [{ text: 'Do.', commands: [5] }]],
  ['links', ['https://example.com']],
  ['links', [{ label: 'Console' }]],
])('a message whose %s is %j is not ours', (field, value) => {
  const body = JSON.parse(encodeChat(aChat()));
  expect(parseChat(JSON.stringify({ ...body, [field]: value }))).toBeUndefined();
});

test('a step that does not exist is left out', () => {
  const body = JSON.parse(encodeChat(aChat()));
  expect(parseChat(JSON.stringify({ ...body, step: 'dance' }))?.step).toBeUndefined();
});

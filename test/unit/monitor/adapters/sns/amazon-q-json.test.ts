import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { HOUR, later } from '../../../../../src/calendar/instant.ts';
import { amazonQJson } from '../../../../../src/monitor/adapters/sns/amazon-q-notifier.ts';
import { aChat } from '../../../../contract/notifier.suite.ts';
import { anyChat } from '../../../../support/any-chat.ts';
import { NOW } from '../../../../support/builders.ts';

/** https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html */
const NOTIFICATION = z.strictObject({
  version: z.literal('1.0'),
  source: z.literal('custom'),
  content: z.strictObject({
    textType: z.literal('client-markdown'),
    title: z.string().max(250),
    description: z.string().min(1).max(8000),
    nextSteps: z.array(z.string().max(350)).min(1).optional(),
    keywords: z.array(z.string().max(75)),
  }),
  metadata: z.strictObject({
    threadId: z.string(),
    summary: z.string(),
    additionalContext: z.record(z.string(), z.string()),
  }),
});

test('every message is within the limits of Amazon Q and of SNS, whatever it says', () => {
  void fc.assert(
    fc.property(anyChat, (chat) => {
      const json = amazonQJson(chat);
      expect(NOTIFICATION.safeParse(json).error).toBeUndefined();
      expect(JSON.stringify(json.content)).not.toMatch(/[<>]/);
      expect(Buffer.byteLength(JSON.stringify(json))).toBeLessThan(248 * 1024);
    }),
    { numRuns: 300 },
  );
});

test('an alert shows what, risk, age, step, commands and links, in the thread of its fingerprint', () => {
  const chat = aChat({
    since: later(NOW, -HOUR),
    step: 'setSecret',
    advice: [
      { text: 'Look first.', commands: [] },
      { text: 'Remove the label.', commands: ['aws one', 'aws two'] },
    ],
    links: [{ label: 'Runbook', url: 'https://wiki.example.com/stuck-pending.md' }],
  });
  const { content, metadata } = amazonQJson(chat);
  expect(content).toMatchObject({
    title: '[HIGH] prod/orders/db: stuck-pending',
    nextSteps: ['Look first.', 'Remove the label.'],
    keywords: ['HIGH', 'stuck-pending', 'opened'],
  });
  expect(content.description.split('\n')).toEqual([
    'The rotation is stuck.',
    '*Risk:* none yet.',
    '*Since:* 2026-11-21T09:00:00Z (1 h)',
    '*Failing step:* setSecret',
    'Account 111122223333, region eu-west-1',
    'Runbook: https://wiki.example.com/stuck-pending.md',
    '```',
    'aws one',
    'aws two',
    '```',
  ]);
  expect(metadata.threadId).toBe(chat.threadId);
});

test('commands that do not fit are left out whole', () => {
  const advice = Array.from({ length: 5 }, () => ({ text: 'Do.', commands: ['x'.repeat(3000)] }));
  const { description } = amazonQJson(aChat({ advice })).content;
  expect(description.match(/x{3000}/g)).toHaveLength(2);
  expect(description).not.toMatch(/(?<!x)x{1,2999}(?!x)/);
});

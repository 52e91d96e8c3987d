import type { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { smsText, snsNotifier } from '../../../../../src/monitor/adapters/sns/sns-notifier.ts';

const SUBJECT = '[HIGH] prod/orders: stuck-pending';
const TEXT = 'The rotation of "prod/orders" is stuck.\nRisk: none.';

/** Returns the published input for a text. */
async function published(text: string) {
  const sent: unknown[] = [];
  const client = { send: async (command: PublishCommand) => void sent.push(command.input) };
  const message = { subject: SUBJECT, text, severity: 'HIGH', attributes: {} } as const;
  await snsNotifier(client as unknown as SNSClient, 'arn:aws:sns:eu-west-1:111122223333:alerts').deliver(
    message as never,
  );
  return sent[0] as { readonly Message: string; readonly MessageStructure?: string };
}

test('phones get one text message of their own, everybody else the whole text', async () => {
  const { Message, MessageStructure } = await published(TEXT);
  expect(MessageStructure).toBe('json');
  expect(JSON.parse(Message)).toEqual({
    default: TEXT,
    sms: `${SUBJECT}: The rotation of "prod/orders" is stuck.`,
  });
});

test.each([
  ['quotes', '"'.repeat(200 * 1024)],
  ['lines', 'x\n'.repeat(120 * 1024)],
  ['umlauts', 'ü'.repeat(200 * 1024)],
  ['plain letters', 'x'.repeat(500 * 1024)],
])('a text of %s that is too long is cut, and phones still get their own', async (_what, long) => {
  const { Message, MessageStructure } = await published(long);
  expect(MessageStructure).toBe('json');
  expect(Buffer.byteLength(Message)).toBeLessThanOrEqual(248 * 1024);
  expect(Buffer.byteLength(Message)).toBeGreaterThan(240 * 1024);
  const said: { readonly default: string; readonly sms: string } = JSON.parse(Message);
  expect(said.default).toMatch(/… cut here: the message was too long for SNS\.$/);
  expect(said.default).not.toContain('\ufffd');
  expect(said.sms).toMatch(/^[\x20-\x7e]{1,140}$/);
});

test('a text that just fits goes whole', async () => {
  const { Message } = await published('x'.repeat(247 * 1024));
  expect(JSON.parse(Message)).toMatchObject({ default: 'x'.repeat(247 * 1024) });
});

test('whatever is said, a text message has at most 140 characters of plain ASCII', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: 'binary' }),
      (subject, text) => {
        expect(smsText(subject, text)).toMatch(/^[\x20-\x7e]{1,140}$/);
      },
    ),
  );
  expect(smsText('s', 'x'.repeat(200))).toBe(`s: ${'x'.repeat(134)}...`);
});

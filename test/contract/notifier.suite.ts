import { expect, test } from 'vitest';
import type { ChatMessage, ChatParts } from '../../src/monitor/domain/message/message.ts';
import type { ChatNotifier } from '../../src/monitor/ports/tell/notifier.ts';
import { NOW } from '../support/builders.ts';

/** A notifier and a way to see what arrived. */
export interface NotifierUnderTest {
  readonly notifier: ChatNotifier;
  arrived(): Promise<readonly { readonly subject: string; readonly text: string }[]>;
}

/** A message like those the monitor writes. */
export const aMessage = (given: Partial<ChatMessage> = {}): ChatMessage => ({
  subject: '[HIGH] prod/orders/db: stuck-pending',
  text: 'The rotation is stuck.\nRisk: none yet.',
  attributes: { severity: 'HIGH', code: 'stuck-pending' },
  severity: 'HIGH',
  chat: aChat(),
  ...given,
});

/** The parts of {@link aMessage}. */
export const aChat = (given: Partial<ChatParts> = {}): ChatParts => ({
  title: '[HIGH] prod/orders/db: stuck-pending',
  code: 'stuck-pending',
  transition: 'opened',
  severity: 'HIGH',
  account: '111122223333',
  region: 'eu-west-1',
  what: ['The rotation is stuck.'],
  risk: 'none yet.',
  since: undefined,
  at: NOW,
  step: undefined,
  advice: [],
  links: [],
  threadId: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/orders/db-AbCdEf#2',
  ...given,
});

/** Tests what every notifier has to do. */
export function notifierContract(open: () => Promise<NotifierUnderTest>): void {
  test('a message arrives whole', async () => {
    const { notifier, arrived } = await open();
    expect(await notifier.deliver(aMessage())).toEqual({ kind: 'delivered' });
    expect(await arrived()).toMatchObject([
      { subject: '[HIGH] prod/orders/db: stuck-pending', text: 'The rotation is stuck.\nRisk: none yet.' },
    ]);
  });

  test('a message of any length and any characters is delivered', async () => {
    const { notifier, arrived } = await open();
    const title = `${'é'.repeat(50)}\n${'x'.repeat(200)}`;
    const text = 'ü'.repeat(300_000);
    const odd = aMessage({ subject: title, text, chat: aChat({ title, what: [text], risk: text }) });
    const empty = aMessage({ subject: '', text: '', chat: aChat({ title: '', what: [], risk: undefined }) });
    expect(await notifier.deliver(odd)).toEqual({ kind: 'delivered' });
    expect(await notifier.deliver(empty)).toEqual({ kind: 'delivered' });
    expect(await arrived()).toHaveLength(2);
  });
}

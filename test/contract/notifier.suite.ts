import { expect, test } from 'vitest';
import type { Message } from '../../src/domain/message.ts';
import type { Notifier } from '../../src/ports/notifier.ts';

/** A notifier and a way to see what arrived. */
export interface NotifierUnderTest {
  readonly notifier: Notifier;
  arrived(): Promise<readonly { readonly subject: string; readonly text: string }[]>;
}

/** A message like those the monitor writes. */
export const aMessage = (given: Partial<Message> = {}): Message => ({
  subject: '[HIGH] prod/orders/db: stuck-pending',
  text: 'The rotation is stuck.\nRisk: none yet.',
  attributes: { severity: 'HIGH', code: 'stuck-pending' },
  severity: 'HIGH',
  ...given,
});

/** What every notifier has to do. */
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
    const odd = aMessage({ subject: `${'é'.repeat(50)}\n${'x'.repeat(200)}`, text: 'ü'.repeat(300_000) });
    expect(await notifier.deliver(odd)).toEqual({ kind: 'delivered' });
    expect(await notifier.deliver(aMessage({ subject: '', text: '' }))).toEqual({ kind: 'delivered' });
    expect(await arrived()).toHaveLength(2);
  });
}

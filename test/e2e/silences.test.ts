import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../src/calendar/instant.ts';
import { aDeployment, failingNightlyAt } from '../support/deployed.ts';
import type { TestSimulator } from '../support/simulated.ts';

const NAME = 'prod/orders';
const SILENCE = { 'silence-until': '2026-12-30', 'silence-reason': 'planned work' };
const ALTERNATING = { strategy: 'alternating-users' };

const tag = ({ call }: TestSimulator, tags: Readonly<Record<string, string>>) =>
  call(
    'secretsmanager',
    'TagResource',
    {
      SecretId: NAME,
      Tags: Object.entries(tags).map(([key, Value]) => ({ Key: `rotation-monitor:${key}`, Value })),
    },
    'attacker',
  );

/** The subjects of a night in which testSecret fails, with these tags written before it. */
async function nightWith(
  tags: Readonly<Record<string, string>>,
  parameters: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const { simulator, subjects } = await aDeployment(failingNightlyAt('testSecret'), {
    parameters,
    sweepEveryMs: 30 * MINUTE,
  });
  await tag(simulator, tags);
  await simulator.clock.advance(4 * HOUR);
  return subjects();
}

test('whoever may tag a secret keeps nothing quiet that would be CRITICAL, by whatever tags', async () => {
  expect((await nightWith(SILENCE)).join()).toContain('[CRITICAL] prod/orders');
  const lowered = (await nightWith({ ...SILENCE, ...ALTERNATING })).join();
  expect(lowered).toMatch(/\[(MEDIUM|HIGH)\] prod\/orders: /);
});

test('where the settings say that users alternate, the silence holds', async () => {
  const told = await nightWith(SILENCE, { AlternatingUsers: 'prod/*' });
  expect(told.length).toBeGreaterThan(0);
  expect(told.every((subject) => subject.startsWith('[SILENCED] '))).toBe(true);
});

test('a strategy that is written while an alert is open is reported', async () => {
  const { simulator, mails } = await aDeployment(failingNightlyAt('testSecret'));
  await simulator.clock.advance(3 * HOUR);
  const before = mails().length;
  expect(mails().at(-1)?.subject).toContain('[CRITICAL]');
  await tag(simulator, ALTERNATING);
  await simulator.clock.advance(20 * MINUTE);
  const told = mails().slice(before);
  expect(told.map(({ message }) => message).join('\n')).toContain(
    'Its tag rotation-monitor:strategy has changed since the last notice',
  );
});

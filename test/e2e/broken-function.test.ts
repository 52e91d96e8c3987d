import { expect, test } from 'vitest';
import { HOUR, instant, later, MINUTE, SECOND } from '../../src/calendar/instant.ts';
import { seededRandom } from '../../src/simulator/call/random.ts';
import { aDeployment, type Deployed, START } from '../support/deployed.ts';

const COUNT = 200;
/** Secrets that a function splits: the crowd of the other tests shows what a larger one does. */
const SPLIT = 30;
/** Secrets that break over hours: those of an hour are a crowd, and each joins a conversation that goes on. */
const OVER_HOURS = 30;
/** Secrets that are split together, of which a retry finds the first ones and a sweep the others. */
const HELD = 9;
const { uuid } = seededRandom(5);
/** The machine may have other work: 200 secrets are looked at again and again. */
const PATIENCE_MS = 30 * 60_000;

/** So many secrets behind one function that always fails at a step; somebody else starts their rotations. */
const aFleet = (
  step: 'setSecret' | 'testSecret',
  sweepEveryMs: number,
  count: number = COUNT,
): Promise<Deployed> =>
  aDeployment(
    ({ secretsManager }) => {
      secretsManager.functions.register({ name: 'rotate', behaviour: 'error', step });
      for (let index = 0; index < count; index++) {
        const name = `fleet/${String(index).padStart(3, '0')}`;
        const nextRotationAt = later(START, 90 * 24 * HOUR);
        secretsManager.seed({ name, kind: 'function', function: 'rotate', schedule: 90, nextRotationAt });
      }
    },
    { sweepEveryMs },
  );

const arns = ({ simulator }: Deployed): readonly string[] =>
  [...simulator.secretsManager.secrets()].map(({ arn }) => arn);

const rotate = ({ simulator }: Deployed, SecretId: string): Promise<unknown> =>
  simulator.call('secretsmanager', 'RotateSecret', { SecretId, ClientRequestToken: uuid() }, 'operator');

/** Repairs the function; then removes the label of the pending version of every secret and rotates it again. */
async function repair(deployed: Deployed): Promise<void> {
  const { simulator } = deployed;
  simulator.secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
  for (const SecretId of arns(deployed)) {
    const { stages = {} } = simulator.secretsManager.history(SecretId).at(-1) ?? {};
    const RemoveFromVersionId = Object.keys(stages).find((id) => stages[id]?.includes('AWSPENDING'));
    const label = { SecretId, VersionStage: 'AWSPENDING', RemoveFromVersionId };
    await simulator.call('secretsmanager', 'UpdateSecretVersionStage', label, 'operator');
    await rotate(deployed, SecretId);
  }
}

const told = (deployed: Deployed, ...transitions: readonly string[]): readonly string[] =>
  deployed
    .mails()
    .filter(({ attributes }) => transitions.includes(attributes['transition'] ?? ''))
    .map(({ subject }) => subject);

test('200 secrets behind one broken function at once are one message, one when it gets worse, one when all are repaired', {
  timeout: PATIENCE_MS,
}, async () => {
  const deployed = await aFleet('setSecret', 30 * MINUTE);
  const { clock } = deployed.simulator;
  await clock.advanceTo(later(START, MINUTE));
  for (const arn of arns(deployed)) await rotate(deployed, arn);
  await clock.advance(80 * MINUTE);
  expect(told(deployed, 'opened')).toEqual(['[MEDIUM] 200 secrets: rotation-failed']);
  expect(told(deployed, 'rose')).toEqual(['[HIGH] 200 secrets: stuck-pending']);
  await repair(deployed);
  await clock.advance(20 * MINUTE);
  expect(told(deployed, 'resolved')).toEqual(['[RESOLVED] 200 secrets: stuck-pending']);
  expect(deployed.mails()).toHaveLength(3);
  expect(deployed.errors()).toBe(0);
});

test('30 secrets that one broken function splits at once are one message, and one when nobody acknowledges', {
  timeout: PATIENCE_MS,
}, async () => {
  const deployed = await aFleet('testSecret', 10 * MINUTE, SPLIT);
  const { clock } = deployed.simulator;
  await clock.advanceTo(later(START, MINUTE));
  for (const arn of arns(deployed)) await rotate(deployed, arn);
  // A sweep finds that nobody acknowledged before the function is tried again, which events report one by one.
  await clock.advance(42 * MINUTE);
  expect(deployed.subjects()).toEqual([
    '[CRITICAL] 30 secrets: rotation-failed',
    '[CRITICAL] 30 secrets: rotation-failed (not acknowledged)',
  ]);
  expect(deployed.errors()).toBe(0);
});

test.each([15, 60])(
  'what a group holds on purpose is sent when the hold ends and never called undeliverable, with a sweep every %i minutes',
  async (minutes) => {
    const deployed = await aFleet('testSecret', minutes * MINUTE, HELD);
    const { clock } = deployed.simulator;
    await clock.advanceTo(later(START, MINUTE));
    for (const arn of arns(deployed)) await rotate(deployed, arn);
    await clock.advance(3 * HOUR);
    const reminders = deployed.mails().filter(({ attributes }) => attributes['transition'] === 'escalated');
    expect(reminders.map(({ subject }) => subject)).toEqual([
      '[CRITICAL] 3 secrets: rotation-failed (not acknowledged, 9 in all)',
      '[CRITICAL] 6 secrets: rotation-failed (not acknowledged, 9 in all)',
    ]);
    const [first = 0, second = 0] = reminders.map(({ at }) => at);
    expect(second - first).toBeLessThanOrEqual(90 * MINUTE + 3 * SECOND);
    expect(deployed.inbox().filter(({ subject }) => subject.includes('undeliverable'))).toEqual([]);
    expect(deployed.errors()).toBe(0);
  },
);

test('30 secrets that break one after the other over four hours are at most five messages, and one when all are repaired', {
  timeout: PATIENCE_MS,
}, async () => {
  const deployed = await aFleet('setSecret', 30 * MINUTE, OVER_HOURS);
  const { clock } = deployed.simulator;
  for (const [index, arn] of arns(deployed).entries()) {
    const at = instant(START + MINUTE + Math.floor((index * 4 * HOUR) / OVER_HOURS));
    clock.schedule(at, async () => void (await rotate(deployed, arn)));
  }
  await clock.advance(6.6 * HOUR);
  const news = told(deployed, 'opened', 'rose');
  expect(news.length).toBeLessThanOrEqual(5);
  expect(news.at(-1)).toMatch(/^\[HIGH\] \d+ secrets: stuck-pending \((\+\d+, )?30 in all\)$/);
  await repair(deployed);
  await clock.advance(20 * MINUTE);
  expect(told(deployed, 'resolved')).toEqual(['[RESOLVED] 30 secrets: stuck-pending']);
  expect(deployed.mails()).toHaveLength(news.length + 1);
  expect(deployed.errors()).toBe(0);
});

import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { aDeployment, START } from '../support/deployed.ts';
import { call, NAME, rotate, seed } from '../support/failure-mode-stage.ts';

/** A deployment whose one secret has been stuck for so long that people know. */
async function stuck() {
  const deployed = await aDeployment(
    (simulator) => seed(simulator, { behaviour: 'error', step: 'setSecret' }),
    { sweepEveryMs: 15 * MINUTE },
  );
  const { simulator } = deployed;
  await simulator.clock.advanceTo(later(START, 6 * MINUTE));
  await rotate(simulator);
  await simulator.clock.advance(80 * MINUTE);
  expect(deployed.subjects()).toEqual([`[MEDIUM] ${NAME}: rotation-failed`, `[HIGH] ${NAME}: stuck-pending`]);
  return deployed;
}

test.each([
  ['at once', {}],
  ['at its next window', { RotateImmediately: false }],
  ['on another schedule', { RotationRules: { AutomaticallyAfterDays: 7 } }],
])(
  'whoever asks a stuck secret to rotate %s is refused, and nothing else is reported for it',
  async (_case, input) => {
    const { simulator, subjects, errors } = await stuck();
    const before = subjects().length;
    const asked = call(simulator, 'RotateSecret', {
      ...input,
      ClientRequestToken: 'deployment-'.padEnd(40, '7'),
    });
    await expect(asked).rejects.toThrow(/A previous rotation isn't complete/);
    await simulator.clock.advance(2 * HOUR);
    expect(subjects().slice(before)).toEqual([]);
    expect(errors()).toBe(0);
  },
);

test('a stuck secret that is deleted and made again under its name is over, and the new one is no news', async () => {
  const { simulator, subjects, mails, errors } = await stuck();
  const before = subjects().length;
  await call(simulator, 'DeleteSecret', { ForceDeleteWithoutRecovery: true });
  await simulator.clock.advance(2 * MINUTE);
  const made = { Name: NAME, SecretString: '{"username":"app","password":"fresh"}' };
  const ClientRequestToken = 'made-again-'.padEnd(36, '2');
  await simulator.call('secretsmanager', 'CreateSecret', { ...made, ClientRequestToken }, 'operator');
  await simulator.clock.advance(3 * HOUR);
  expect(subjects().slice(before)).toEqual([`[RESOLVED] ${NAME}: stuck-pending`]);
  expect(mails().at(-1)?.message).toMatch(/The secret (no longer exists|was scheduled for deletion)/);
  expect(errors()).toBe(0);
});

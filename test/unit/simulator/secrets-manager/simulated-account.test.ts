import { expect, test } from 'vitest';
import { SECOND } from '../../../../src/calendar/instant.ts';
import { createSimulator } from '../../../../src/simulator/simulator.ts';
import { VirtualClock } from '../../../../src/simulator/time/clock.ts';
import { at, NAME, V2 } from './support.ts';

const open = () => {
  const clock = new VirtualClock(at('2026-11-02T10:00:00Z'));
  const simulator = createSimulator({ clock, seed: 7 });
  simulator.secretsManager.functions.register({ name: 'rotator', behaviour: 'healthy' });
  simulator.secretsManager.seed({ name: NAME, kind: 'function', function: 'rotator', schedule: 30 });
  const rotate = () =>
    simulator.call('secretsmanager', 'RotateSecret', { SecretId: NAME, ClientRequestToken: V2 }, 'operator');
  return { clock, simulator, rotate };
};

test('the calls of a rotation function are logged under its name', async () => {
  const { clock, simulator, rotate } = open();
  await rotate();
  await clock.advance(60 * SECOND);
  expect(simulator.callLog.counts('rotator')).toEqual({
    'secretsmanager:DescribeSecret': 4,
    'secretsmanager:GetRandomPassword': 1,
    'secretsmanager:GetSecretValue': 6,
    'secretsmanager:PutSecretValue': 1,
    'secretsmanager:UpdateSecretVersionStage': 1,
  });
});

test('the same seed gives the same rotations', async () => {
  const runs = await Promise.all(
    [1, 2].map(async () => {
      const { clock, simulator, rotate } = open();
      await rotate();
      await clock.advance(100 * 24 * 3_600_000);
      return simulator.secretsManager.history(NAME);
    }),
  );
  expect(runs[0]).toEqual(runs[1]);
  expect(runs[0]?.length).toBeGreaterThan(10);
});

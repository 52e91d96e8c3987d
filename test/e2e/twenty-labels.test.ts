import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { aDeployment, START } from '../support/deployed.ts';
import { call, NAME, seed } from '../support/failure-mode-stage.ts';

const LABELS = Array.from({ length: 18 }, (_, index) => `release-${index}`);

test('a secret all of whose labels are in use misses its window, and that is reported with what to do', async () => {
  const deployed = await aDeployment((simulator) => seed(simulator, { behaviour: 'healthy' }), {
    sweepEveryMs: 30 * MINUTE,
  });
  const { simulator } = deployed;
  await simulator.clock.advanceTo(later(START, HOUR));
  await call(simulator, 'PutSecretValue', {
    ClientRequestToken: '0d0d0d0d-0000-4000-8000-000000000009',
    SecretString: '{"username":"app","password":"made-up"}',
    VersionStages: ['AWSCURRENT', ...LABELS],
  });
  await simulator.clock.advanceTo(later(START, 30 * HOUR));
  const told = deployed.mails().find(({ subject }) => subject.includes(`${NAME}: rotation-overdue`));
  expect(told?.message).toContain('All staging labels that a secret may have are in use');
  expect(told?.message).toContain('\nDo: All 20 staging labels of the secret are in use');
  expect(told?.message).toContain('Find out which of these are unused: release-0');
  expect(deployed.errors()).toBe(0);

  await call(simulator, 'UpdateSecretVersionStage', {
    VersionStage: 'release-0',
    RemoveFromVersionId: '0d0d0d0d-0000-4000-8000-000000000009',
  });
  await call(simulator, 'RotateSecret', { ClientRequestToken: '0d0d0d0d-0000-4000-8000-000000000010' });
  await simulator.clock.advance(HOUR);
  expect(deployed.subjects().at(-1)).toBe(`[RESOLVED] ${NAME}: rotation-overdue`);
});

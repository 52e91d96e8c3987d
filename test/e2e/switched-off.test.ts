import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { aDeployment, type Deployed, type DeployedOptions, rotatesWell, START } from '../support/deployed.ts';

async function rotated(options: DeployedOptions = {}): Promise<Deployed> {
  const deployed = await aDeployment(rotatesWell, options);
  await deployed.simulator.clock.advanceTo(later(START, 6 * HOUR));
  return deployed;
}

const call = ({ simulator }: Deployed, operation: string, who: string, given: object = {}) =>
  simulator.call('secretsmanager', operation, { SecretId: 'well', ...given }, who);

test('a deployment that switches rotation off and on again within minutes is no news', async () => {
  const deployed = await rotated();
  const { simulator } = deployed;
  await call(deployed, 'CancelRotateSecret', 'pipeline');
  await simulator.clock.advance(12 * MINUTE);
  const { account, region } = simulator.home;
  await call(deployed, 'RotateSecret', 'pipeline', {
    RotationLambdaARN: `arn:aws:lambda:${region}:${account}:function:rotate`,
    RotationRules: { ScheduleExpression: 'cron(0 2 * * ? *)', Duration: '2h' },
    RotateImmediately: false,
    ClientRequestToken: 'terraform-20260122045848689200000001',
  });
  await simulator.clock.advance(2 * HOUR);
  expect(deployed.mails()).toEqual([]);
});

test.each([{}, { sweepEveryMs: 10 * MINUTE }])(
  'rotation that stays off is reported once its grace is over',
  async (options) => {
    const deployed = await rotated(options);
    await call(deployed, 'CancelRotateSecret', 'pipeline');
    await deployed.simulator.clock.advance(14 * MINUTE);
    expect(deployed.mails()).toEqual([]);
    await deployed.simulator.clock.advance(20 * MINUTE);
    expect(deployed.subjects()).toEqual([expect.stringContaining('rotation-silently-disabled')]);
  },
);

test('a secret that was deleted and restored says so, with both who did it', async () => {
  const deployed = await rotated();
  await call(deployed, 'DeleteSecret', 'kim', { RecoveryWindowInDays: 7 });
  await deployed.simulator.clock.advance(30 * MINUTE);
  await call(deployed, 'RestoreSecret', 'alex');
  await deployed.simulator.clock.advance(HOUR);
  const [mail] = deployed.mails();
  expect(mail?.subject).toContain('rotation-silently-disabled');
  expect(mail?.message).toMatch(/deletion of .*kim.* switched rotation off, and RestoreSecret .*alex/);
});

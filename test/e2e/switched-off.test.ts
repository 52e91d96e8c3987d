import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { aDeployment, type Deployed, type DeployedOptions, rotatesWell, START } from '../support/deployed.ts';

async function rotated(options: DeployedOptions = {}): Promise<Deployed> {
  const deployed = await aDeployment(rotatesWell, options);
  await deployed.simulator.clock.advanceTo(later(START, 6 * HOUR));
  return deployed;
}

const call = ({ simulator }: Deployed, operation: string, who: string, given: object = {}) =>
  simulator.call('secretsmanager', operation, { SecretId: 'well', ...given }, who);

async function rotateAgain(deployed: Deployed): Promise<void> {
  const { account, region } = deployed.simulator.home;
  await call(deployed, 'RotateSecret', 'pipeline', {
    RotationLambdaARN: `arn:aws:lambda:${region}:${account}:function:rotate`,
    RotationRules: { ScheduleExpression: 'cron(0 2 * * ? *)', Duration: '2h' },
    RotateImmediately: false,
    ClientRequestToken: `terraform-${deployed.simulator.clock.now()}`.padEnd(40, '0'),
  });
}

test('a deployment that switches rotation off and on again within minutes is no news', async () => {
  const deployed = await rotated();
  const { simulator } = deployed;
  await call(deployed, 'CancelRotateSecret', 'pipeline');
  await simulator.clock.advance(12 * MINUTE);
  await rotateAgain(deployed);
  await simulator.clock.advance(2 * HOUR);
  expect(deployed.mails()).toEqual([]);
});

test('deployments that switch rotation off and on again are no news, whose events are all lost', async () => {
  // A sweep within each deployment sees rotation off.
  const deployed = await rotated({ sweepEveryMs: 10 * MINUTE });
  const { simulator } = deployed;
  simulator.eventBridge.setFaults({ drop: 1 });
  for (const pauseMs of [4 * MINUTE, 40 * MINUTE, 3 * DAY]) {
    await simulator.clock.advance(pauseMs);
    await call(deployed, 'CancelRotateSecret', 'pipeline');
    await simulator.clock.advance(11 * MINUTE);
    await rotateAgain(deployed);
  }
  await simulator.clock.advance(HOUR);
  expect(deployed.mails()).toEqual([]);
  await call(deployed, 'CancelRotateSecret', 'pipeline');
  await simulator.clock.advance(14 * MINUTE);
  expect(deployed.mails()).toEqual([]);
  await simulator.clock.advance(20 * MINUTE);
  expect(deployed.subjects()).toEqual([expect.stringContaining('rotation-silently-disabled')]);
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

test('a secret whose rotation was off before it was deleted has its grace once it is restored', async () => {
  const deployed = await rotated();
  const { simulator } = deployed;
  await call(deployed, 'CancelRotateSecret', 'pipeline');
  await simulator.clock.advance(HOUR);
  await call(deployed, 'DeleteSecret', 'kim', { RecoveryWindowInDays: 7 });
  await simulator.clock.advance(5 * HOUR);
  const before = deployed.subjects().length;
  await call(deployed, 'RestoreSecret', 'alex');
  await simulator.clock.advance(14 * MINUTE);
  expect(deployed.subjects().slice(before)).toEqual([]);
  await simulator.clock.advance(20 * MINUTE);
  expect(deployed.subjects().slice(before)).toEqual([expect.stringContaining('rotation-silently-disabled')]);
});

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

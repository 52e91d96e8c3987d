import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../src/calendar/instant.ts';
import { ofType } from '../../src/proving/player/deployed-resources.ts';
import { rotatesWell } from '../support/deployed.ts';
import { aDeployedMonitor, type DeployedMonitor } from '../support/template/deployed-monitor.ts';

/** Time within which alarms that report both ends say once that all is well. */
const SETTLED = 70 * MINUTE;

async function settled(): Promise<DeployedMonitor & { readonly since: () => readonly string[] }> {
  const deployed = await aDeployedMonitor(rotatesWell);
  await deployed.simulator.clock.advance(SETTLED);
  const before = deployed.subjects('Health');
  expect(before.filter((subject) => !subject.startsWith('OK: '))).toEqual([]);
  return { ...deployed, since: () => deployed.subjects('Health').slice(before.length) };
}

test('while all is well the deployed alarms leave the health topic silent', async () => {
  const { simulator, since } = await settled();
  await simulator.clock.advance(4 * HOUR);
  expect(since()).toEqual([]);
});

test('when the deployed schedule is gone its alarm notifies the health topic, and again when it is back', async () => {
  const { simulator, since, deployment } = await settled();
  const [schedule] = ofType(deployment.resources, 'AWS::Scheduler::Schedule');
  const Name = schedule?.id;
  const GroupName = schedule?.properties['GroupName'];
  await simulator.call('scheduler', 'DeleteSchedule', { Name, GroupName }, 'operator');
  await simulator.clock.advance(30 * MINUTE);
  expect(since()).toEqual([ringing('sweep-missing'), ringing('blind')]);
  await simulator.call('scheduler', 'CreateSchedule', { Name, ...schedule?.properties }, 'operator');
  await simulator.clock.advance(15 * MINUTE);
  expect(since().slice(2)).toEqual([over('sweep-missing'), over('blind')]);
});

test('a message in any deployed dead-letter queue rings the alarm of that queue', async () => {
  const { simulator, since, deployment } = await settled();
  const { account, region } = simulator.home;
  const dead = ofType(deployment.resources, 'AWS::SQS::Queue').filter(
    ({ properties }) => properties['RedrivePolicy'] === undefined,
  );
  for (const { id } of dead) {
    const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/${id}`;
    await simulator.call('sqs', 'SendMessage', { QueueUrl, MessageBody: '{}' }, 'operator');
  }
  await simulator.clock.advance(11 * MINUTE);
  const rang = since().filter((subject) => subject.startsWith('ALARM: '));
  expect(rang.sort()).toEqual(['invocations', 'messages'].map((key) => ringing(`dead-letters-${key}`)));
  expect(dead).toHaveLength(rang.length);
});

const ringing = (key: string): string => `ALARM: "rotation-monitor-${key}" in EU (Ireland)`;
const over = (key: string): string => `OK: "rotation-monitor-${key}" in EU (Ireland)`;

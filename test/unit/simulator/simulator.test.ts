import { expect, test } from 'vitest';
import { DAY, HOUR, later } from '../../../src/calendar/instant.ts';
import { openAccount, START } from './open-account.ts';

const ROTATOR = 'arn:aws:lambda:eu-west-1:111122223333:function:rotator';

/** Returns a token like one that an SDK client would choose by chance. */
const token = (last: number): string => `00000000-0000-4000-8000-00000000000${last}`;

/** A day in which a secret rotates every four hours and its events go to a function by way of a queue. */
async function simulatedDay(seed: number) {
  const account = openAccount({ seed });
  const { call, clock } = account;
  const seen: { eventName: unknown; time: unknown }[] = [];
  account.functions.register('on-rotation-event', (event) => {
    for (const { body } of recordsOf(event)) {
      const { detail, time } = JSON.parse(body);
      seen.push({ eventName: detail.eventName, time });
    }
  });
  const { arn } = account.queues.create('events', {});
  account.mapEventSource({ queue: 'events', functionName: 'on-rotation-event' });
  const EventPattern = '{"source":["aws.secretsmanager"],"detail":{"eventName":[{"prefix":"Rotation"}]}}';
  await call('events', 'PutRule', { Name: 'rotation', EventPattern }, 'operator');
  await call('events', 'PutTargets', { Rule: 'rotation', Targets: [{ Id: 'q', Arn: arn }] }, 'operator');
  account.secretsManager.functions.register({ name: 'rotator', behaviour: 'healthy' });
  const SecretId = 'db/main';
  await call(
    'secretsmanager',
    'CreateSecret',
    { Name: SecretId, SecretString: '{}', ClientRequestToken: token(1) },
    'operator',
  );
  const RotationRules = { ScheduleExpression: 'rate(4 hours)' };
  await call(
    'secretsmanager',
    'RotateSecret',
    { SecretId, RotationLambdaARN: ROTATOR, RotationRules, ClientRequestToken: token(2) },
    'operator',
  );
  await clock.advanceTo(later(START, DAY));
  return { account, seen };
}

function recordsOf(event: unknown): readonly { readonly body: string }[] {
  return event instanceof Object && 'Records' in event && Array.isArray(event.Records) ? event.Records : [];
}

test('a rotation reaches a function by way of EventBridge and SQS, while the clock goes on', async () => {
  const { account, seen } = await simulatedDay(7);
  const names = seen.map(({ eventName }) => eventName);
  expect(names).toContain('RotationSucceeded');
  expect(names).not.toContain('RotationFailed');
  expect(names.length).toBeGreaterThanOrEqual(6);
  expect(account.functions.stats('on-rotation-event').errors).toBe(0);
  const counts = account.callLog.counts('rotator');
  expect(counts['secretsmanager:PutSecretValue']).toBeGreaterThanOrEqual(6);
});

test('the same seed gives the same day', async () => {
  const days = [await simulatedDay(7), await simulatedDay(7)];
  const [first, second] = days.map(({ seen, account }) => JSON.stringify([seen, account.callLog.counts()]));
  expect(first).toBe(second);
});

test('an account is in eu-west-1 and has the number 111122223333 by default', () => {
  expect(openAccount().home).toEqual({ account: '111122223333', region: 'eu-west-1' });
  const elsewhere = openAccount({ account: '444455556666', region: 'us-east-2' });
  expect(elsewhere.home).toEqual({ account: '444455556666', region: 'us-east-2' });
  expect(elsewhere.queues.create('q', {}).arn).toBe('arn:aws:sqs:us-east-2:444455556666:q');
});

test('call answers points in time as Dates', async () => {
  const { call, clock } = openAccount();
  await clock.advance(HOUR);
  await call('secretsmanager', 'CreateSecret', { Name: 'a', ClientRequestToken: token(1) }, 'operator');
  await expect(
    call('secretsmanager', 'DescribeSecret', { SecretId: 'a' }, 'operator'),
  ).resolves.toMatchObject({
    CreatedDate: new Date(later(START, HOUR)),
  });
});

const ROLE = 'arn:aws:iam::111122223333:role/scheduler';

test('close ends schedules', async () => {
  const account = openAccount();
  account.functions.register('f', () => undefined);
  await account.call(
    'scheduler',
    'CreateSchedule',
    {
      Name: 'f',
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: 'arn:aws:lambda:eu-west-1:111122223333:function:f', RoleArn: ROLE },
    },
    'deployer',
  );
  await account.close();
  await account.clock.advance(HOUR);
  expect(account.functions.stats('f').invocations).toBe(0);
});

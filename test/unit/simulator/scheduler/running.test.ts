import { DeleteScheduleCommand, GetScheduleCommand, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../../../src/calendar/instant.ts';
import { START } from '../open-account.ts';
import { FUNCTION, openScheduler, RoleArn, schedule } from './open-scheduler.ts';

type Opened = ReturnType<typeof openScheduler>;
/** The minutes after START in which the function ran, each a whole number. */
const minutes = ({ seen }: Opened) => seen.map(({ second }) => Math.floor(second / 60));
const isThere = ({ client }: Opened, Name = 's') =>
  client.send(new GetScheduleCommand({ Name })).then(
    () => true,
    () => false,
  );

test('a rate runs within the minute of its creation and of each interval after it', async () => {
  const opened = openScheduler();
  await opened.create({ Target: { Arn: FUNCTION, RoleArn, Input: '{"a":1}' } });
  await opened.clock.advance(HOUR - 1);
  expect(minutes(opened)).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55]);
  expect(opened.seen[0]?.event).toEqual({ a: 1 });
  const within = new Set(opened.seen.map(({ second }) => second % 60));
  expect(within.size).toBeGreaterThan(3);
});

test('a rate with a StartDate and an EndDate runs between them', async () => {
  const opened = openScheduler();
  const StartDate = new Date(later(START, 10 * MINUTE));
  await opened.create({
    ScheduleExpression: 'rate(1 hour)',
    StartDate,
    EndDate: new Date(later(START, 3 * HOUR)),
    ActionAfterCompletion: 'DELETE',
  });
  await opened.clock.advance(2 * HOUR + 10 * MINUTE);
  expect(await isThere(opened)).toBe(true);
  await opened.clock.advance(DAY);
  expect(minutes(opened)).toEqual([10, 70, 130]);
  expect(await isThere(opened)).toBe(false);
});

test('a one-time schedule runs once, within the minute after its time, and is deleted if it says so', async () => {
  const opened = openScheduler();
  await opened.create({ Name: 'stays', ScheduleExpression: 'at(2026-11-21T10:30:30)' });
  await opened.create({
    Name: 'goes',
    ScheduleExpression: 'at(2026-11-21T10:30:30)',
    ActionAfterCompletion: 'DELETE',
  });
  await opened.clock.advance(30.5 * MINUTE - 1);
  expect(opened.seen).toEqual([]);
  expect(await isThere(opened, 'goes')).toBe(true);
  await opened.clock.advance(MINUTE);
  expect(opened.seen).toHaveLength(2);
  await opened.clock.advance(DAY);
  expect(opened.seen).toHaveLength(2);
  expect([await isThere(opened, 'stays'), await isThere(opened, 'goes')]).toEqual([true, false]);
});

test('a one-time schedule reads its time in its zone and ignores StartDate and EndDate', async () => {
  const opened = openScheduler();
  await opened.create({
    ScheduleExpression: 'at(2026-11-21T12:30:00)',
    ScheduleExpressionTimezone: 'Europe/Berlin',
    StartDate: new Date(later(START, DAY)),
    EndDate: new Date(later(START, MINUTE)),
  });
  await opened.clock.advance(2 * DAY);
  expect(minutes(opened)).toEqual([90]);
});

test('a one-time schedule whose time is past runs at once', async () => {
  const opened = openScheduler();
  await opened.create({ ScheduleExpression: 'at(2026-11-20T00:00:00)' });
  await opened.clock.advance(HOUR);
  expect(minutes(opened)).toEqual([0]);
});

test('a cron runs when its clocks show the time', async () => {
  const opened = openScheduler();
  await opened.create({ ScheduleExpression: 'cron(0/20 11 ? * SAT,SUN *)' });
  await opened.clock.advance(DAY + 2 * HOUR);
  expect(minutes(opened)).toEqual([60, 80, 100, 1500, 1520, 1540]);
});

test('a flexible window delays the invocation within it', async () => {
  const opened = openScheduler();
  await opened.create({
    ScheduleExpression: 'rate(1 hour)',
    FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
  });
  await opened.clock.advance(10 * HOUR - 1);
  const into = minutes(opened).map((minute) => minute % 60);
  expect(into).toHaveLength(10);
  expect(Math.max(...into)).toBeLessThanOrEqual(16);
  expect(Math.max(...into)).toBeGreaterThan(3);
});

test('a schedule that is disabled, changed or deleted does not run as it was', async () => {
  const opened = openScheduler();
  const { create, client, clock } = opened;
  await create({ Name: 'disabled', State: 'DISABLED' });
  await create({ Name: 'deleted' });
  await create({ Name: 'changed' });
  await client.send(new DeleteScheduleCommand({ Name: 'deleted' }));
  const changed = schedule({ Name: 'changed', ScheduleExpression: 'at(2026-11-21T11:00:00)' });
  await client.send(new UpdateScheduleCommand(changed));
  await clock.advance(DAY);
  expect(minutes(opened)).toEqual([60]);
});

test('the input may have keywords that describe the invocation', async () => {
  const opened = openScheduler();
  const Input = '{"at":"<aws.scheduler.scheduled-time>","by":"<aws.scheduler.schedule-arn>"}';
  await opened.create({
    ScheduleExpression: 'at(2026-11-21T10:30:00)',
    Target: { Arn: FUNCTION, RoleArn, Input },
  });
  await opened.clock.advance(HOUR);
  expect(opened.seen[0]?.event).toEqual({
    at: '2026-11-21T10:30:00Z',
    by: 'arn:aws:scheduler:eu-west-1:111122223333:schedule/default/s',
  });
});

test('a queue gets the input as a message', async () => {
  const { create, clock, queues } = openScheduler();
  const queue = queues.create('jobs', {});
  await create({
    ScheduleExpression: 'at(2026-11-21T10:30:00)',
    Target: { Arn: queue.arn, RoleArn, Input: 'hello' },
  });
  await clock.advance(HOUR);
  expect(queues.receive(queue, { max: 10 }).map(({ body }) => body)).toEqual(['hello']);
});

test('what a missing target cannot take goes to the dead-letter queue with its reason', async () => {
  const { create, clock, queues } = openScheduler();
  const dlq = queues.create('dlq', {});
  await create({
    ScheduleExpression: 'at(2026-11-21T10:30:00)',
    Target: { Arn: `${FUNCTION}-gone`, RoleArn, Input: '{"a":1}', DeadLetterConfig: { Arn: dlq.arn } },
  });
  await clock.advance(HOUR);
  const [message] = queues.receive(dlq, { max: 10 });
  expect(message?.body).toBe('{"a":1}');
  expect(message?.attributes).toMatchObject({
    ERROR_CODE: { StringValue: 'ResourceNotFoundException' },
    SCHEDULED_TIME: { StringValue: '2026-11-21T10:30:00Z' },
    TARGET_ARN: { StringValue: 'arn:aws:scheduler:::aws-sdk:lambda:invoke' },
  });
});

test('hundreds of one-time schedules all run', async () => {
  const opened = openScheduler();
  for (let index = 0; index < 300; index++) {
    const minute = String(index % 60).padStart(2, '0');
    await opened.create({ Name: `s${index}`, ScheduleExpression: `at(2026-11-21T12:${minute}:00)` });
  }
  await opened.clock.advance(4 * HOUR);
  expect(opened.seen).toHaveLength(300);
});

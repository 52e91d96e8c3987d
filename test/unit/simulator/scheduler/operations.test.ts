import {
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  type ListSchedulesCommandInput,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../../../src/calendar/instant.ts';
import { START } from '../open-account.ts';
import { FUNCTION, openScheduler, RoleArn, schedule } from './open-scheduler.ts';

const ARN = 'arn:aws:scheduler:eu-west-1:111122223333:schedule';

test('a schedule is shown with what it was made of and the defaults', async () => {
  const { create, client } = openScheduler();
  expect(await create({ Description: 'why' })).toMatchObject({ ScheduleArn: `${ARN}/default/s` });
  const { $metadata, ...shown } = await client.send(new GetScheduleCommand({ Name: 's' }));
  expect($metadata.httpStatusCode).toBe(200);
  expect(shown).toEqual({
    Arn: `${ARN}/default/s`,
    Name: 's',
    GroupName: 'default',
    Description: 'why',
    ScheduleExpression: 'rate(5 minutes)',
    ScheduleExpressionTimezone: 'UTC',
    State: 'ENABLED',
    ActionAfterCompletion: 'NONE',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: FUNCTION,
      RoleArn,
      RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
    },
    CreationDate: new Date(START),
    LastModificationDate: new Date(START),
  });
});

test('a name is taken once in its group; the same request again is not a conflict', async () => {
  const { create, client } = openScheduler();
  await create({ ClientToken: 'one' });
  await expect(create({ ClientToken: 'one' })).resolves.toMatchObject({ ScheduleArn: `${ARN}/default/s` });
  await expect(create()).rejects.toMatchObject({
    name: 'ConflictException',
    message: 'Schedule s already exists.',
    $metadata: { httpStatusCode: 409 },
  });
  await client.send(new CreateScheduleGroupCommand({ Name: 'g' }));
  await expect(create({ GroupName: 'g' })).resolves.toMatchObject({ ScheduleArn: `${ARN}/g/s` });
});

test('an update replaces all settings but the date of creation', async () => {
  const { create, client, clock } = openScheduler();
  await create({ Description: 'why', EndDate: new Date(later(START, HOUR)) });
  await clock.advance(MINUTE);
  const changed = schedule({ ScheduleExpression: 'cron(0 12 * * ? *)', State: 'DISABLED' });
  expect(await client.send(new UpdateScheduleCommand(changed))).toMatchObject({
    ScheduleArn: `${ARN}/default/s`,
  });
  const shown = await client.send(new GetScheduleCommand({ Name: 's' }));
  expect(shown).toMatchObject({
    ScheduleExpression: 'cron(0 12 * * ? *)',
    State: 'DISABLED',
    CreationDate: new Date(START),
    LastModificationDate: new Date(later(START, MINUTE)),
  });
  expect(shown.Description).toBeUndefined();
  expect(shown.EndDate).toBeUndefined();
});

test('what is not there is refused as by Scheduler', async () => {
  const { create, client } = openScheduler();
  const noSchedule = { name: 'ResourceNotFoundException', message: 'Schedule x does not exist.' };
  for (const command of [new GetScheduleCommand({ Name: 'x' }), new DeleteScheduleCommand({ Name: 'x' })])
    await expect(client.send(command)).rejects.toMatchObject({
      ...noSchedule,
      $metadata: { httpStatusCode: 404 },
    });
  await expect(client.send(new UpdateScheduleCommand(schedule({ Name: 'x' })))).rejects.toMatchObject(
    noSchedule,
  );
  const noGroup = { name: 'ResourceNotFoundException', message: 'Schedule group g does not exist.' };
  await expect(create({ GroupName: 'g' })).rejects.toMatchObject(noGroup);
  await expect(client.send(new GetScheduleGroupCommand({ Name: 'g' }))).rejects.toMatchObject(noGroup);
  await create();
  await client.send(new DeleteScheduleCommand({ Name: 's', GroupName: 'default' }));
  await expect(client.send(new GetScheduleCommand({ Name: 's' }))).rejects.toMatchObject({
    message: 'Schedule s does not exist.',
  });
});

test('groups are made, shown and listed, and deleted with their schedules, except the default one', async () => {
  const { create, client, clock, seen } = openScheduler();
  const made = await client.send(new CreateScheduleGroupCommand({ Name: 'g' }));
  const Arn = 'arn:aws:scheduler:eu-west-1:111122223333:schedule-group/g';
  expect(made.ScheduleGroupArn).toBe(Arn);
  await expect(client.send(new CreateScheduleGroupCommand({ Name: 'g' }))).rejects.toMatchObject({
    name: 'ConflictException',
    message: 'Schedule group g already exists.',
  });
  expect(await client.send(new GetScheduleGroupCommand({ Name: 'g' }))).toMatchObject({
    Arn,
    Name: 'g',
    State: 'ACTIVE',
    CreationDate: new Date(START),
  });
  const { ScheduleGroups } = await client.send(new ListScheduleGroupsCommand({}));
  expect(ScheduleGroups?.map(({ Name }) => Name)).toEqual(['default', 'g']);
  await create({ GroupName: 'g', ScheduleExpression: 'at(2026-11-21T10:30:00)' });
  await client.send(new DeleteScheduleGroupCommand({ Name: 'g' }));
  await expect(client.send(new GetScheduleCommand({ Name: 's', GroupName: 'g' }))).rejects.toMatchObject({
    message: 'Schedule group g does not exist.',
  });
  await clock.advance(HOUR);
  expect(seen).toEqual([]);
  await expect(client.send(new DeleteScheduleGroupCommand({ Name: 'default' }))).rejects.toMatchObject({
    name: 'ValidationException',
  });
});

test('schedules are listed by group, prefix and state, in pages', async () => {
  const { create, client } = openScheduler();
  await client.send(new CreateScheduleGroupCommand({ Name: 'g' }));
  await create({ Name: 'a1' });
  await create({ Name: 'a2', State: 'DISABLED' });
  await create({ Name: 'b1', GroupName: 'g' });
  const names = async (input: ListSchedulesCommandInput) =>
    (await client.send(new ListSchedulesCommand(input))).Schedules?.map(({ Name }) => Name);
  expect(await names({})).toEqual(['a1', 'a2', 'b1']);
  expect(await names({ GroupName: 'g' })).toEqual(['b1']);
  expect(await names({ NamePrefix: 'a' })).toEqual(['a1', 'a2']);
  expect(await names({ State: 'DISABLED' })).toEqual(['a2']);
  const first = await client.send(new ListSchedulesCommand({ MaxResults: 2 }));
  expect(first.Schedules?.[0]).toEqual({
    Arn: `${ARN}/default/a1`,
    Name: 'a1',
    GroupName: 'default',
    State: 'ENABLED',
    CreationDate: new Date(START),
    LastModificationDate: new Date(START),
    Target: { Arn: FUNCTION },
  });
  const { NextToken } = first;
  const second = await client.send(new ListSchedulesCommand({ MaxResults: 2, NextToken }));
  expect(second.Schedules?.map(({ Name }) => Name)).toEqual(['b1']);
  expect(second.NextToken).toBeUndefined();
  await expect(client.send(new ListSchedulesCommand({ NextToken: 'no' }))).rejects.toMatchObject({
    name: 'ValidationException',
  });
});

test.each([
  'cron(0 1 * * * *)',
  'cron(7 20 * * NOT *)',
  'cron(INVALID)',
  'cron(0 dummy ? * MON-FRI *)',
  'cron(71 8 1 * ? *)',
  'cron()',
  'rate(10 seconds)',
  'rate(10 years)',
  'rate()',
  'rate(10)',
  'rate(0 minutes)',
  'rate(10 minutess)',
  'rate(foo minutes)',
  'rate(-10 minutes)',
  'rate( 10 minutes )',
  ' rate(10 minutes)',
  'at(2021-12-31T23:59:59Z)',
  'at(2021-12-31)',
  'at(2021-02-30T10:00:00)',
])('the expression "%s" is refused in the words of AWS', async (ScheduleExpression) => {
  await expect(openScheduler().create({ ScheduleExpression })).rejects.toMatchObject({
    name: 'ValidationException',
    message: `Invalid Schedule Expression ${ScheduleExpression}.`,
    $metadata: { httpStatusCode: 400 },
  });
});

test.each([
  ['a name that is too long', { Name: 'x'.repeat(65) }],
  ['a name with a colon', { Name: 'a:b' }],
  ['an unknown zone', { ScheduleExpressionTimezone: 'Atlantis/Poseidonis' }],
  ['a window without a length', { FlexibleTimeWindow: { Mode: 'FLEXIBLE' as const } }],
  ['a start long past', { StartDate: new Date(later(START, -6 * MINUTE)) }],
  ['a target that is no ARN', { Target: { Arn: 'f', RoleArn } }],
  ['a target of another service', { Target: { Arn: 'arn:aws:sns:eu-west-1:111122223333:t', RoleArn } }],
  ['a role that is none', { Target: { Arn: FUNCTION, RoleArn: 'arn:aws:iam::1:user/u' } }],
  ['input that is no JSON', { Target: { Arn: FUNCTION, RoleArn, Input: 'hello' } }],
  ['too many retries', { Target: { Arn: FUNCTION, RoleArn, RetryPolicy: { MaximumRetryAttempts: 186 } } }],
])('%s is refused', async (_case, given) => {
  await expect(openScheduler().create(given)).rejects.toMatchObject({ name: 'ValidationException' });
});

test('faults hit the calls, and the call log has them', async () => {
  const { create, faults, callLog } = openScheduler();
  faults.add({ kind: 'throttled', probability: 1, service: 'scheduler', times: 1 });
  await expect(create()).rejects.toMatchObject({ name: 'ThrottlingException' });
  await create();
  expect(callLog.counts('tester')).toEqual({ 'scheduler:CreateSchedule': 2 });
});

import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { MINUTE } from '../../../../../src/calendar/instant.ts';
import { clientOf, openAccount } from '../../open-account.ts';

const Namespace = 'SecretRotation';

/** An account with a topic that a person reads, and one alarm: 2 of 3 datapoints of a minute above 0. */
async function open(alarm: Partial<PutMetricAlarmCommandInput> = {}) {
  const account = openAccount();
  const client = new CloudWatchClient(clientOf(account));
  const sns = new SNSClient(clientOf(account));
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'health' }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'oncall@example.com' }));
  const input: PutMetricAlarmCommandInput = {
    AlarmName: 'stuck',
    AlarmDescription: 'A rotation is stuck.',
    AlarmActions: [TopicArn],
    OKActions: [TopicArn],
    Namespace,
    MetricName: 'PendingStuck',
    Statistic: 'Maximum',
    Period: 60,
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: 0,
    EvaluationPeriods: 3,
    DatapointsToAlarm: 2,
    TreatMissingData: 'notBreaching',
    ...alarm,
  };
  await client.send(new PutMetricAlarmCommand(input));
  const put = (Value: number, MetricName = 'PendingStuck') =>
    client.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName, Value }] }));
  return {
    account,
    client,
    TopicArn,
    /** A minute in which the metric has this value; none when undefined. */
    minute: async (value?: number, name?: string) => {
      if (value !== undefined) await put(value, name);
      await account.clock.advance(MINUTE);
    },
    state: async (AlarmName = 'stuck') => {
      const AlarmTypes = ['MetricAlarm' as const, 'CompositeAlarm' as const];
      const answer = await client.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName], AlarmTypes }));
      return [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])][0];
    },
    mails: () => account.sns.inbox,
  };
}

test('an alarm rings when M of N datapoints are bad, and notifies its topic once in the JSON of AWS', async () => {
  const { minute, state, mails } = await open();
  expect((await state())?.StateValue).toBe('INSUFFICIENT_DATA');
  await minute(0);
  expect((await state())?.StateValue).toBe('OK');
  await minute(1);
  expect((await state())?.StateValue).toBe('OK');
  await minute(1);
  await minute(1);
  expect((await state())?.StateValue).toBe('ALARM');
  const [ok, alarm, ...more] = mails();
  expect(more).toEqual([]);
  expect(ok?.subject).toBe('OK: "stuck" in EU (Ireland)');
  expect(alarm?.subject).toBe('ALARM: "stuck" in EU (Ireland)');
  expect(JSON.parse(alarm?.message ?? '')).toMatchObject({
    AlarmName: 'stuck',
    AlarmDescription: 'A rotation is stuck.',
    AWSAccountId: '111122223333',
    NewStateValue: 'ALARM',
    NewStateReason:
      'Threshold Crossed: 3 datapoints [1.0 (21/11/26 10:02:00), 1.0 (21/11/26 10:01:00), 0.0 (21/11/26 10:00:00)] were greater than the threshold (0.0).',
    StateChangeTime: '2026-11-21T10:03:00.000+0000',
    Region: 'EU (Ireland)',
    AlarmArn: 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:stuck',
    OldStateValue: 'OK',
    Trigger: { MetricName: 'PendingStuck', Namespace, Statistic: 'MAXIMUM', Period: 60, Dimensions: [] },
  });
});

test('an alarm is evaluated at the end of its own period only', async () => {
  const { minute, state } = await open({ Period: 300, EvaluationPeriods: 1, DatapointsToAlarm: 1 });
  for (let minutes = 1; minutes < 5; minutes += 1) await minute(1);
  expect((await state())?.StateValue).toBe('INSUFFICIENT_DATA');
  await minute(1);
  expect((await state())?.StateValue).toBe('ALARM');
});

test('a heartbeat that stays away rings after its evaluation range, and says that nothing came', async () => {
  const { minute, state } = await open({
    ComparisonOperator: 'LessThanThreshold',
    Threshold: 1,
    DatapointsToAlarm: 3,
    TreatMissingData: 'breaching',
  });
  await minute(1);
  for (let minutes = 1; minutes < 5; minutes += 1) await minute();
  expect((await state())?.StateValue).toBe('OK');
  await minute();
  expect((await state())?.StateValue).toBe('ALARM');
  expect((await state())?.StateReason).toBe(
    'Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].',
  );
});

test('an alarm on a formula adds its metrics up', async () => {
  const stat = (MetricName: string) => ({ Metric: { Namespace, MetricName }, Period: 60, Stat: 'Sum' });
  const { account, client, minute, state } = await open();
  await client.send(
    new PutMetricAlarmCommand({
      AlarmName: 'failing',
      Metrics: [
        { Id: 'errors', MetricStat: stat('Errors'), ReturnData: false },
        { Id: 'throttles', MetricStat: stat('Throttles'), ReturnData: false },
        { Id: 'result', Expression: 'errors + throttles', ReturnData: true },
      ],
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      EvaluationPeriods: 1,
    }),
  );
  await account.clock.advance(0);
  await minute(1, 'Throttles');
  expect((await state('failing'))?.StateValue).toBe('ALARM');
});

test('a composite alarm follows its children at once and names the one that changed', async () => {
  const { client, TopicArn, minute, state, mails } = await open({
    EvaluationPeriods: 1,
    DatapointsToAlarm: 1,
    AlarmActions: [],
    OKActions: [],
  });
  await client.send(
    new PutCompositeAlarmCommand({
      AlarmName: 'blind',
      AlarmRule: 'ALARM("stuck") OR (ALARM(other) AND NOT OK(other))',
      AlarmActions: [TopicArn],
    }),
  );
  expect((await state('blind'))?.StateValue).toBe('OK');
  await minute(1);
  expect((await state('blind'))?.StateValue).toBe('ALARM');
  expect(mails().map(({ subject }) => subject)).toEqual(['ALARM: "blind" in EU (Ireland)']);
  expect(JSON.parse(mails()[0]?.message ?? '').NewStateReason).toBe(
    'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:stuck transitioned to ALARM at Saturday 21 November, 2026 10:01:00 UTC',
  );
  await minute(0);
  expect((await state('blind'))?.StateValue).toBe('OK');
});

test('a state set by hand acts, and lasts until the next evaluation', async () => {
  const { client, minute, state, mails } = await open();
  await client.send(
    new SetAlarmStateCommand({ AlarmName: 'stuck', StateValue: 'ALARM', StateReason: 'trying out' }),
  );
  expect(mails().map(({ subject }) => subject)).toEqual(['ALARM: "stuck" in EU (Ireland)']);
  await minute(0);
  expect((await state())?.StateValue).toBe('OK');
});

test('an alarm without actions, or with actions switched off, or with a topic that is gone, notifies nobody', async () => {
  const { client, TopicArn, minute, mails } = await open({ ActionsEnabled: false });
  const gone = `${TopicArn}-gone`;
  await client.send(
    new PutMetricAlarmCommand({
      AlarmName: 'other',
      AlarmActions: [gone],
      Namespace,
      MetricName: 'PendingStuck',
      Statistic: 'Sum',
      Period: 60,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      EvaluationPeriods: 1,
    }),
  );
  await minute(1);
  await minute(1);
  expect(mails()).toEqual([]);
});

test('DescribeAlarms answers what was put, composite alarms only to those who ask', async () => {
  const { client, TopicArn } = await open();
  await client.send(new PutCompositeAlarmCommand({ AlarmName: 'both', AlarmRule: 'ALARM(stuck)' }));
  const { MetricAlarms, CompositeAlarms } = await client.send(new DescribeAlarmsCommand({}));
  expect(CompositeAlarms).toEqual([]);
  expect(MetricAlarms).toMatchObject([
    {
      AlarmName: 'stuck',
      AlarmArn: 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:stuck',
      ActionsEnabled: true,
      AlarmActions: [TopicArn],
      MetricName: 'PendingStuck',
      Period: 60,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      TreatMissingData: 'notBreaching',
      StateValue: 'INSUFFICIENT_DATA',
    },
  ]);
  const named = await client.send(
    new DescribeAlarmsCommand({ AlarmTypes: ['CompositeAlarm'], AlarmNamePrefix: 'bo' }),
  );
  expect(named.CompositeAlarms?.map(({ AlarmName, AlarmRule }) => [AlarmName, AlarmRule])).toEqual([
    ['both', 'ALARM(stuck)'],
  ]);
});

test('an alarm put again keeps its state; one that is deleted is gone', async () => {
  const { client, minute, state } = await open();
  await minute(1);
  await minute(1);
  expect((await state())?.StateValue).toBe('ALARM');
  await client.send(
    new PutMetricAlarmCommand({
      AlarmName: 'stuck',
      Namespace,
      MetricName: 'PendingStuck',
      Statistic: 'Maximum',
      Period: 60,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 9,
      EvaluationPeriods: 1,
    }),
  );
  expect((await state())?.StateValue).toBe('ALARM');
  await client.send(new DeleteAlarmsCommand({ AlarmNames: ['stuck'] }));
  expect(await state()).toBeUndefined();
  await expect(client.send(new DeleteAlarmsCommand({ AlarmNames: ['stuck'] }))).rejects.toMatchObject({
    name: 'ResourceNotFound',
  });
});

const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:health';

test.each<readonly [string, Partial<PutMetricAlarmCommandInput>, string]>([
  ['a name that is not ASCII', { AlarmName: 'stück' }, 'ASCII'],
  ['a description that is too long', { AlarmDescription: 'x'.repeat(1025) }, 'AlarmDescription'],
  ['more than five actions', { AlarmActions: [TOPIC, TOPIC, TOPIC, TOPIC, TOPIC, TOPIC] }, 'AlarmActions'],
  ['M above N', { DatapointsToAlarm: 4 }, 'DatapointsToAlarm must not exceed EvaluationPeriods'],
  ['a period of no whole minutes', { Period: 90 }, 'Period must be'],
  ['a window of more than a day', { Period: 300, EvaluationPeriods: 289 }, 'so long a time'],
  ['neither metric nor formula', { MetricName: undefined }, 'Exactly one of MetricName and Metrics'],
  [
    'a search',
    { MetricName: undefined, Metrics: [{ Id: 'e', Expression: "SEARCH('a', 'Sum')" }] },
    'SEARCH is not supported',
  ],
  [
    'two results',
    {
      MetricName: undefined,
      Metrics: [
        { Id: 'a', Expression: '1' },
        { Id: 'b', Expression: '2' },
      ],
    },
    'Exactly one element',
  ],
])('%s is refused', async (_what, alarm, message) => {
  await expect(open(alarm)).rejects.toThrow(message);
});

test('a window of a week is fine for periods of an hour', async () => {
  await open({ Period: 3600, EvaluationPeriods: 168 });
  await expect(open({ Period: 3600, EvaluationPeriods: 169 })).rejects.toThrow('so long a time');
});

test.each(['ALARM(a) OR', 'ALARM(a) ALARM(b)', '(ALARM(a)', 'RINGS(a)'])(
  'the rule %s is refused',
  async (AlarmRule) => {
    const { client } = await open();
    await expect(client.send(new PutCompositeAlarmCommand({ AlarmName: 'c', AlarmRule }))).rejects.toThrow(
      'AlarmRule is invalid',
    );
  },
);

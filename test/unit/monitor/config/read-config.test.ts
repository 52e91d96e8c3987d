import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../../../src/calendar/instant.ts';
import { ConfigError, readConfig } from '../../../../src/monitor/config/read-config.ts';
import { variableOf } from '../../../../src/monitor/config/setting.ts';
import { SETTINGS } from '../../../../src/monitor/config/settings.ts';

const required = {
  ROTATION_MONITOR_ACCOUNT_ID: '111122223333',
  ROTATION_MONITOR_REGION: 'eu-west-1',
  ROTATION_MONITOR_TABLE_NAME: 'rotation-monitor',
  ROTATION_MONITOR_ALERT_TOPIC_ARN: 'arn:aws:sns:eu-west-1:111122223333:rotation-alerts',
  ROTATION_MONITOR_DELIVERY_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/rotation-delivery',
};

function faultsOf(environment: Readonly<Record<string, string | undefined>>): ConfigError {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('Nothing was wrong');
}

test('readConfig fills in the defaults', () => {
  expect(readConfig(required)).toEqual({
    accountId: '111122223333',
    region: 'eu-west-1',
    members: [],
    memberRoleName: 'secret-rotation-monitor-member',
    memberExternalId: undefined,
    sweepQueueUrl: undefined,
    tableName: 'rotation-monitor',
    alertTopicArn: 'arn:aws:sns:eu-west-1:111122223333:rotation-alerts',
    deliveryQueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/rotation-delivery',
    escalationTopicArn: undefined,
    healthTopicArn: undefined,
    deadLetterQueueUrls: [],
    heartbeatUrlParameter: undefined,
    chatTopicArn: undefined,
    chatQueueUrl: undefined,
    slackWebhookParameter: undefined,
    qTopicArn: undefined,
    applicationBusName: undefined,
    deadlineScheduleGroup: undefined,
    deadlineTargetArn: undefined,
    deadlineRoleArn: undefined,
    metricsTransport: 'emf',
    metricsNamespace: 'SecretRotation',
    stuckAfterMs: 60 * MINUTE,
    managedStuckAfterMs: 15 * MINUTE,
    overdueGraceMs: 15 * MINUTE,
    failedGraceMs: 15 * MINUTE,
    splitGraceMs: 2 * MINUTE,
    replicationAfterMs: HOUR,
    confirmAfterMs: 15 * MINUTE,
    maxAgeMs: 90 * DAY,
    slowestScheduleMs: 90 * DAY,
    unusedAfterMs: 90 * DAY,
    maximumFrequencyMs: undefined,
    riskAnalysisFrequencyMs: undefined,
    requiredTagKeys: [],
    asksSecurityHub: false,
    businessHours: { days: [1, 2, 3, 4, 5], from: 8 * 60, to: 18 * 60, zone: 'UTC' },
    expectedWriters: [],
    alternatingUsers: [],
    owners: [],
    inspectFunctions: true,
    eventHistory: true,
    sweepIntervalMs: 5 * MINUTE,
    worstSecrets: 3,
    groupWaitMs: 30 * SECOND,
    criticalGroupWaitMs: 5 * SECOND,
    silenceCritical: false,
    runbookBaseUrl: undefined,
    functionName: undefined,
    reportKeyPrefix: '',
  });
});

test('readConfig is frozen', () => {
  const config = readConfig(required);
  expect(Object.isFrozen(config)).toBe(true);
  expect(Object.isFrozen(config.owners)).toBe(true);
});

test('readConfig takes the region of the runtime unless another is set', () => {
  const { ROTATION_MONITOR_REGION: _, ...rest } = required;
  expect(readConfig({ ...rest, AWS_REGION: 'us-east-1' }).region).toBe('us-east-1');
  expect(readConfig({ ...required, AWS_REGION: 'us-east-1' }).region).toBe('eu-west-1');
});

test('readConfig reads lists, choices and durations, with blanks around them', () => {
  expect(
    readConfig({
      ...required,
      ROTATION_MONITOR_OWNERS: ' payments, platform ,',
      ROTATION_MONITOR_METRICS_TRANSPORT: 'put-metric-data',
      ROTATION_MONITOR_GROUP_WAIT: ' 10s ',
      ROTATION_MONITOR_APPLICATION_BUS_NAME: '',
    }),
  ).toMatchObject({
    owners: ['payments', 'platform'],
    metricsTransport: 'put-metric-data',
    groupWaitMs: 10 * SECOND,
    applicationBusName: undefined,
  });
});

test('readConfig reports everything that is missing at once', () => {
  expect(faultsOf({}).faults.map(({ variable }) => variable)).toEqual(Object.keys(required));
});

test('readConfig says what it expected, what it got, and what would do', () => {
  const error = faultsOf({
    ...required,
    ROTATION_MONITOR_STUCK_AFTER: 'soon',
    ROTATION_MONITOR_TABLE_NAME: ' ',
  });
  expect(error.message).toBe(
    [
      'Cannot use the settings:',
      'ROTATION_MONITOR_TABLE_NAME: expected the name of a DynamoDB table, got nothing; example: ROTATION_MONITOR_TABLE_NAME=rotation-monitor',
      'ROTATION_MONITOR_STUCK_AFTER: expected a duration of seconds, minutes, hours or days, got "soon"; example: ROTATION_MONITOR_STUCK_AFTER=60m',
    ].join('\n'),
  );
});

test('readConfig repeats no more of a value than helps', () => {
  const [fault] = faultsOf({ ...required, ROTATION_MONITOR_REGION: 'x'.repeat(5000) }).faults;
  expect(fault?.got).toHaveLength(100);
});

const BAD: Readonly<Record<string, string>> = {
  accountId: '1111',
  region: 'Europe',
  tableName: 'a table',
  alertTopicArn: 'rotation-alerts',
  deliveryQueueUrl: 'rotation-delivery',
  chatTopicArn: 'rotation-chat',
  chatQueueUrl: 'rotation-chat',
  slackWebhookParameter: 'https://hooks.example.com/x',
  heartbeatUrlParameter: 'https://heartbeat.example.com/x',
  qTopicArn: 'rotation-q',
  applicationBusName: 'a bus',
  metricsTransport: 'carrier pigeon',
  metricsNamespace: 'AWS/SecretsManager',
  stuckAfterMs: 'soon',
  managedStuckAfterMs: '0m',
  overdueGraceMs: '-1m',
  failedGraceMs: '1w',
  splitGraceMs: '2 minutes',
  sweepIntervalMs: '5',
  worstSecrets: '21',
  groupWaitMs: 's',
  criticalGroupWaitMs: '1e3s',
  silenceCritical: 'perhaps',
  runbookBaseUrl: 'wiki',
};

test('readConfig reports every planted fault and no other', () => {
  fc.assert(
    fc.property(
      fc.subarray(
        Object.entries(SETTINGS).filter(([field]) => field in BAD),
        { minLength: 1 },
      ),
      (broken) => {
        const planted = broken.map(([field, setting]) => [variableOf(setting), BAD[field]] as const);
        const { faults } = faultsOf({ ...required, ...Object.fromEntries(planted) });
        const shown = broken.map(([field, { kind }]) => (kind.secret ? '<redacted>' : BAD[field]));
        expect(faults.map(({ variable }) => variable)).toEqual(planted.map(([variable]) => variable));
        expect(faults.map(({ got }) => got)).toEqual(shown);
      },
    ),
  );
});

test.each(Object.entries(SETTINGS))('the example of %s is one, and so is its default', (_field, setting) => {
  expect(setting.kind.parse(setting.example)).toBeDefined();
  if (setting.default !== undefined) expect(setting.kind.parse(setting.default)).toBeDefined();
});

test('no two settings share a key', () => {
  const keys = Object.values(SETTINGS).map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
});

test.each(['HEARTBEAT_URL_PARAMETER', 'SLACK_WEBHOOK_PARAMETER'])(
  'an address in the place of the name of its parameter is not repeated by the error about %s',
  (name) => {
    const variable = `ROTATION_MONITOR_${name}`;
    const { message, faults } = faultsOf({ [variable]: 'https://hooks.example.com/planted-token-51aa' });
    expect(message + JSON.stringify(faults)).not.toContain('planted-token-51aa');
    expect(faults.find((fault) => fault.variable === variable)?.got).toBe('<redacted>');
  },
);

const DEADLINES = {
  ROTATION_MONITOR_DEADLINE_SCHEDULE_GROUP: 'rotation-deadlines',
  ROTATION_MONITOR_DEADLINE_TARGET_ARN: 'arn:aws:lambda:eu-west-1:111122223333:function:check-secret',
  ROTATION_MONITOR_DEADLINE_ROLE_ARN: 'arn:aws:iam::111122223333:role/rotation-deadlines',
};

test('settings that belong together are taken when all are set', () => {
  expect(readConfig({ ...required, ...DEADLINES })).toMatchObject({
    deadlineScheduleGroup: 'rotation-deadlines',
    deadlineTargetArn: 'arn:aws:lambda:eu-west-1:111122223333:function:check-secret',
    deadlineRoleArn: 'arn:aws:iam::111122223333:role/rotation-deadlines',
  });
});

test.each(Object.keys(DEADLINES))(
  'of settings that belong together %s alone is a fault of the others',
  (set) => {
    const { faults, message } = faultsOf({ ...required, [set]: Reflect.get(DEADLINES, set) });
    const others = Object.keys(DEADLINES).filter((variable) => variable !== set);
    expect(faults.map(({ variable }) => variable)).toEqual(others);
    expect(message).toContain(`because ${set} is set, got nothing`);
  },
);

test.each([
  ['ROTATION_MONITOR_DEADLINE_SCHEDULE_GROUP', 'a group'],
  ['ROTATION_MONITOR_DEADLINE_TARGET_ARN', 'check-secret'],
  ['ROTATION_MONITOR_DEADLINE_ROLE_ARN', 'arn:aws:iam::111122223333:user/alex'],
])('%s cannot be "%s"', (variable, text) => {
  const { faults } = faultsOf({ ...required, ...DEADLINES, [variable]: text });
  expect(faults.map((fault) => [fault.variable, fault.got])).toEqual([[variable, text]]);
});

import { expect, test } from 'vitest';
import { memberGroups } from '../../../../src/monitor/config/member-groups.ts';
import { ConfigError, readConfig } from '../../../../src/monitor/config/read-config.ts';

const REGIONS = ['eu-west-1', 'us-east-1'];

test('groups name accounts, organizational units or both', () => {
  const text = JSON.stringify([
    { accounts: ['444455556666'], regions: REGIONS },
    { organizationalUnits: ['ou-ab12-cdefgh34', 'r-ab12'], regions: ['eu-west-1'] },
  ]);
  expect(memberGroups.parse(text)).toEqual([
    { accounts: ['444455556666'], organizationalUnits: [], regions: REGIONS },
    { accounts: [], organizationalUnits: ['ou-ab12-cdefgh34', 'r-ab12'], regions: ['eu-west-1'] },
  ]);
  expect(memberGroups.parse('[]')).toEqual([]);
});

test.each<[string, string, string]>([
  ['no JSON', '{', 'a JSON list of groups'],
  ['no list', '{"accounts":[]}', 'a JSON list of groups'],
  ['no group', '[7]', 'a JSON object in group 1'],
  ['no region', '[{"accounts":["444455556666"]}]', '"regions" in group 1'],
  ['nobody', '[{"regions":["eu-west-1"]}]', '"accounts" or "organizationalUnits" in group 1'],
  [
    'a short account',
    '[{"accounts":["4444"],"regions":["eu-west-1"]}]',
    '"accounts" to be twelve digits each, not "4444" in group 1',
  ],
  [
    'a number for an account',
    '[{"accounts":[444455556666],"regions":["eu-west-1"]}]',
    'not 444455556666 in group 1',
  ],
  [
    'no unit',
    '[{"organizationalUnits":["prod"],"regions":["eu-west-1"]}]',
    '"organizationalUnits" to be ids such as "ou-ab12-cdefgh34", not "prod" in group 1',
  ],
  ['no AWS region', '[{"accounts":["444455556666"],"regions":["Ireland"]}]', 'not "Ireland" in group 1'],
  [
    'an empty list',
    '[{"accounts":[],"regions":["eu-west-1"]}]',
    '"accounts" to be a list, not empty in group 1',
  ],
  [
    'a word that means nothing',
    '[{"account":"4","regions":["eu-west-1"]}]',
    'nothing named "account" in group 1',
  ],
])('%s is reported', (_case, text, fault) => {
  expect(memberGroups.parse(text)).toBeUndefined();
  expect(memberGroups.explain?.(text)).toContain(fault);
});

test('every fault is reported, with the group it is in', () => {
  const text = JSON.stringify([
    { accounts: ['444455556666'], regions: ['eu-west-1'] },
    { accounts: ['1', '2'], regions: ['x'] },
  ]);
  expect(memberGroups.explain?.(text)?.split('; ')).toHaveLength(3);
});

const REQUIRED = {
  ROTATION_MONITOR_ACCOUNT_ID: '111122223333',
  ROTATION_MONITOR_REGION: 'eu-west-1',
  ROTATION_MONITOR_TABLE_NAME: 'rotation-monitor',
  ROTATION_MONITOR_ALERT_TOPIC_ARN: 'arn:aws:sns:eu-west-1:111122223333:rotation-alerts',
  ROTATION_MONITOR_DELIVERY_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/rotation-delivery',
};

const faultsOf = (environment: Record<string, string>): string => {
  try {
    readConfig({ ...REQUIRED, ...environment });
    return '';
  } catch (error) {
    return error instanceof ConfigError ? error.message : 'another error';
  }
};

test('members need the queue that has them swept', () => {
  const ROTATION_MONITOR_MEMBERS = '[{"accounts":["444455556666"],"regions":["eu-west-1"]}]';
  expect(faultsOf({ ROTATION_MONITOR_MEMBERS })).toContain(
    'ROTATION_MONITOR_SWEEP_QUEUE_URL: expected a URL with http or https, because ROTATION_MONITOR_MEMBERS is set',
  );
  const ROTATION_MONITOR_SWEEP_QUEUE_URL = 'https://sqs.eu-west-1.amazonaws.com/111122223333/rotation-sweeps';
  expect(faultsOf({ ROTATION_MONITOR_MEMBERS, ROTATION_MONITOR_SWEEP_QUEUE_URL })).toBe('');
  expect(faultsOf({ ROTATION_MONITOR_SWEEP_QUEUE_URL })).toBe('');
});

test('the error names what is wrong with a group, not only that something is', () => {
  expect(faultsOf({ ROTATION_MONITOR_MEMBERS: '[{"accounts":["4444"],"regions":["eu-west-1"]}]' })).toContain(
    'ROTATION_MONITOR_MEMBERS: expected "accounts" to be twelve digits each, not "4444" in group 1',
  );
});

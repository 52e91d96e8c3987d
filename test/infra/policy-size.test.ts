import { App, Aws, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { expect, test } from 'vitest';
import { checkPolicySize, policySize } from '../../infra/props/policy-size.ts';
import { RotationMonitorMember } from '../../infra/rotation-monitor-member.ts';
import { aMonitor } from '../../infra/templates/monitor-stack.ts';

const stack = () => new Stack(new App(), 'rotation-monitor');
const statement = (...resources: readonly string[]) =>
  new PolicyStatement({ actions: ['sts:AssumeRole'], resources: [...resources] });

test('a policy is measured in bytes without white space, references at their longest', () => {
  const json =
    '{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Resource":"a"}],"Version":"2012-10-17"}';
  expect(policySize(stack(), [statement('a')])).toBe(json.length);
  expect(policySize(stack(), [statement(Aws.ACCOUNT_ID)])).toBe(json.length - 1 + 12);
  expect(policySize(stack(), [statement('\u00fc')])).toBe(json.length + 1);
});

test('a policy that a role has no room for is refused, one that just fits is not', () => {
  const fixed = policySize(stack(), [statement('')]);
  expect(() => checkPolicySize(stack(), [statement('x'.repeat(10_240 - fixed))])).not.toThrow();
  expect(() => checkPolicySize(stack(), [statement('x'.repeat(10_241 - fixed))])).toThrow(
    'needs up to 10241 bytes, and a role holds 10240',
  );
});

test('long names of roles in many accounts are refused when the app is synthesized', () => {
  const accounts = (count: number) =>
    Array.from({ length: count }, (_, index) => String(444_455_550_000 + index));
  const monitorOf = (count: number) =>
    aMonitor(() => ({
      members: [{ accounts: accounts(count), regions: ['eu-west-1'] }],
      memberExternalId: 'rotation-monitor-1a2b3c',
      memberRoleName: 'r'.repeat(64),
    }));
  expect(() => monitorOf(10)).not.toThrow();
  expect(() => monitorOf(79)).toThrow(/bytes, and a role holds 10240|The settings need up to/);
});

test('a member of too many regions is refused when the app is synthesized', () => {
  const memberOf = (count: number) =>
    new RotationMonitorMember(stack(), 'Member', {
      monitorAccountId: '111122223333',
      monitorRegion: 'eu-west-1',
      monitorEventBusName: 'bus',
      monitorRoleNames: 'rotation-monitor-*',
      externalId: 'rotation-monitor-1a2b3c',
      regions: Array.from({ length: count }, (_, index) => `eu-nowhere-${index + 1}`),
    });
  expect(() => memberOf(30)).not.toThrow();
  expect(() => memberOf(300)).toThrow(/bytes, and a role holds 10240/);
});

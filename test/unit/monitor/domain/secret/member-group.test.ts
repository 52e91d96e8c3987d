import { expect, test } from 'vitest';
import { memberTargets } from '../../../../../src/monitor/domain/secret/member-group.ts';

const HOME = { account: '111122223333', region: 'eu-west-1' };
const group = (given: object) => ({
  accounts: [],
  organizationalUnits: [],
  regions: ['eu-west-1'],
  ...given,
});

test('every account of a group is a target in every region of the group', () => {
  const groups = [group({ accounts: ['444455556666', '123456789012'], regions: ['eu-west-1', 'us-east-1'] })];
  expect(memberTargets(groups, {}, HOME).map(({ account, region }) => `${account} ${region}`)).toEqual([
    '444455556666 eu-west-1',
    '444455556666 us-east-1',
    '123456789012 eu-west-1',
    '123456789012 us-east-1',
  ]);
});

test('a unit stands for its accounts; one that is not known has none', () => {
  const groups = [group({ organizationalUnits: ['ou-1', 'ou-2'] })];
  expect(memberTargets(groups, { 'ou-1': ['444455556666'] }, HOME)).toEqual([
    { account: '444455556666', region: 'eu-west-1' },
  ]);
});

test('what several groups name is one target, and the home target is none', () => {
  const groups = [
    group({ accounts: ['444455556666'] }),
    group({ accounts: [HOME.account], organizationalUnits: ['ou-1'], regions: ['eu-west-1', 'us-east-1'] }),
  ];
  expect(memberTargets(groups, { 'ou-1': ['444455556666'] }, HOME)).toEqual([
    { account: '444455556666', region: 'eu-west-1' },
    { account: '111122223333', region: 'us-east-1' },
    { account: '444455556666', region: 'us-east-1' },
  ]);
});

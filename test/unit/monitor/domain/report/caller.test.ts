import { expect, test } from 'vitest';
import { isSameName, mayBeOne } from '../../../../../src/monitor/domain/report/caller.ts';

const HOME = '111122223333';
const user = (name: string, account = HOME) => `arn:aws:iam::${account}:user/people/${name}`;
const session = (role: string, name: string, account = HOME) =>
  `arn:aws:sts::${account}:assumed-role/${role}/${name}`;
const federated = (name: string) => `arn:aws:sts::${HOME}:federated-user/${name}`;
const ADMIN = 'AWSReservedSSO_Admin_0123456789abcdef';
const AUDITOR = 'AWSReservedSSO_Auditor_fedcba9876543210';
const ROOT = `arn:aws:iam::${HOME}:root`;

test.each([
  ['a session of the same role under another name', session('Ops', 'alice'), session('Ops', 'bob')],
  ['another role under the same name', session('Ops', 'alice'), session('Approvers', 'Alice')],
  [
    'a role in another account under the same name',
    session('Ops', 'alice'),
    session('Ops', 'alice', '444455556666'),
  ],
  [
    'another permission set of the same user',
    session(ADMIN, 'alice@example.com'),
    session(AUDITOR, 'Alice@example.com'),
  ],
  ['a session named after the user', user('alice'), session('Approvers', 'alice')],
  ['a user of the same name in another account', user('alice'), user('alice', '444455556666')],
  ['another federated user of the account', federated('alice'), federated('bob')],
  ['a federated user, whom any user may make, and a user', user('alice'), federated('bob')],
  ['a federated user, whom the root user may make', ROOT, federated('bob')],
  ['the root user', ROOT, ROOT],
  ['a name in other letters', 'Alice', ' alice '],
  ['a name that is the one in the ARN', user('alice'), 'alice'],
])('%s may be the same person', (_what, one, other) => {
  expect(mayBeOne(one, other)).toBe(true);
  expect(mayBeOne(other, one)).toBe(true);
});

test.each([
  ['two people with one permission set', session(ADMIN, 'alice'), session(ADMIN, 'bob')],
  ['two users', user('alice'), user('bob')],
  ['sessions of two roles', session('Ops', 'alice'), session('Approvers', 'bob')],
  [
    'a role of the same name in another account',
    session('Ops', 'alice'),
    session('Ops', 'bob', '444455556666'),
  ],
  ['a user and a session', user('alice'), session('Approvers', 'bob')],
  ['the root users of two accounts', ROOT, 'arn:aws:iam::444455556666:root'],
  ['two names', 'alice', 'bob'],
])('%s are two callers', (_what, one, other) => {
  expect(mayBeOne(one, other)).toBe(false);
  expect(mayBeOne(other, one)).toBe(false);
});

test('a role that only begins like one of IAM Identity Center tells its sessions apart no more than others', () => {
  expect(mayBeOne(session('AWSReservedSSO_mine', 'alice'), session('AWSReservedSSO_mine', 'bob'))).toBe(true);
});

test('a file has names: two sessions of one role are two, the same name twice is one', () => {
  expect(isSameName(session('Ops', 'alice'), session('Ops', 'bob'))).toBe(false);
  expect(isSameName(session('Ops', 'alice'), 'Alice')).toBe(true);
  expect(isSameName(ROOT, ROOT)).toBe(true);
});

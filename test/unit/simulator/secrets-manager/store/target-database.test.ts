import { expect, test } from 'vitest';
import { instant } from '../../../../../src/calendar/instant.ts';
import { newState } from '../../../../../src/simulator/secrets-manager/store/secret.ts';
import {
  credentialOf,
  TargetDatabase,
  TargetDatabases,
} from '../../../../../src/simulator/secrets-manager/store/target-database.ts';
import { emptyVersion } from '../../../../../src/simulator/secrets-manager/store/version-stages.ts';

const value = (text: string) => ({ field: 'SecretString' as const, text });
const credential = (username: string, password: string) => value(JSON.stringify({ username, password }));
const state = (text?: string) => {
  const version = { ...emptyVersion('v', instant(0)), stages: ['AWSCURRENT'] };
  const versions = text === undefined ? [] : [{ ...version, value: value(text) }];
  return { ...newState(instant(0)), versions };
};

test.each([
  ['{"username":"app","password":"x"}', { username: 'app', password: 'x' }],
  ['{"password":"x"}', { username: '', password: 'x' }],
  ['{"token":"x"}', { username: '', password: '{"token":"x"}' }],
  ['"quoted"', { username: '', password: '"quoted"' }],
  ['{broken', { username: '', password: '{broken' }],
  ['plain', { username: '', password: 'plain' }],
])('the credential in %s is %j', (text, wanted) => {
  expect(credentialOf(value(text))).toEqual(wanted);
});

test('a new password ends the old one of the same user', () => {
  const database = new TargetDatabase();
  database.setPassword(credential('app', 'old'));
  database.setPassword(credential('app', 'new'));
  expect(database.accepts(credential('app', 'old'))).toBe(false);
  expect(database.accepts(credential('app', 'new'))).toBe(true);
});

test('a new password leaves other users alone', () => {
  const database = new TargetDatabase();
  database.setPassword(credential('app', 'old'));
  database.setPassword(credential('app_clone', 'new'));
  expect(database.accepts(credential('app', 'old'))).toBe(true);
});

test('a database accepts no user that it does not know', () => {
  expect(new TargetDatabase().accepts(value('anything'))).toBe(false);
});

test('a change out of band locks every version out', () => {
  const database = new TargetDatabase();
  database.setPassword(credential('app', 'old'));
  database.changeOutOfBand();
  expect(database.accepts(credential('app', 'old'))).toBe(false);
});

test('the database behind a secret accepts what was AWSCURRENT when it was first needed', () => {
  const databases = new TargetDatabases();
  expect(databases.known('arn')).toBeUndefined();
  expect(databases.behind('arn', state('first')).accepts(value('first'))).toBe(true);
  expect(databases.behind('arn', state('second')).accepts(value('second'))).toBe(false);
});

test('a secret without a value has no database yet', () => {
  const databases = new TargetDatabases();
  databases.behind('arn', state());
  expect(databases.known('arn')).toBeUndefined();
});

import { DrizzleQueryError } from 'drizzle-orm/errors';
import { expect, test } from 'vitest';
import {
  type Classify,
  classifyAny,
  classifyHttp,
  classifyMysql,
  classifyPostgres,
  classifyRedis,
} from '../../../client/src/connect/refusal.ts';

const failing = (fields: object, message = 'No.'): Error => Object.assign(new Error(message), fields);

/** Errors of drivers, each with its meaning. */
const BARE: readonly (readonly [string, Classify, Error, string])[] = [
  ['MySQL', classifyMysql, failing({ errno: 1045 }), 'refused'],
  ['MySQL', classifyMysql, failing({ errno: 3955 }), 'locked'],
  ['PostgreSQL', classifyPostgres, failing({ code: '28P01' }), 'refused'],
  ['PostgreSQL', classifyPostgres, failing({ code: '28000', routine: 'InitializeSessionUserId' }), 'locked'],
  ['Redis', classifyRedis, failing({}, 'WRONGPASS invalid username-password pair'), 'refused'],
  ['HTTP', classifyHttp, failing({ status: 401 }), 'refused'],
  ['a network', classifyAny, failing({ code: 'ECONNREFUSED' }), 'other'],
];

/** Libraries that wrap the error of a driver. */
const WRAPPERS: Readonly<Record<string, (error: Error) => unknown>> = {
  'a cause': (cause) => new Error('The query failed', { cause }),
  Drizzle: (error) => new DrizzleQueryError('select 1', [], error),
  TypeORM: (driverError) => failing({ driverError, name: 'QueryFailedError' }),
  mssql: (originalError) => failing({ originalError }),
  Sequelize: (parent) => failing({ parent, original: parent, name: 'SequelizeConnectionError' }),
  Objection: (nativeError) => failing({ nativeError, name: 'DBError' }),
  'a connection tried at several addresses': (error) =>
    new AggregateError([failing({ code: 'ECONNREFUSED' }), error], 'All addresses failed'),
  'the end of an `await using` block': (suppressed) => failing({ error: new Error('Close'), suppressed }),
  'a client of HTTP': (response) => failing({ name: 'HTTPError', response }),
  'three libraries': (error) =>
    new Error('Start', { cause: new AggregateError([new Error('Load', { cause: error })], 'All') }),
};

for (const [wrapper, wrap] of Object.entries(WRAPPERS))
  test.each(BARE)(`%s in ${wrapper} says what it says when bare`, (_name, classify, error, meaning) => {
    expect([classify(error), classify(wrap(error)), classifyAny(wrap(error))]).toEqual([
      meaning,
      meaning,
      meaning,
    ]);
  });

test('an account that is locked outweighs a refusal, whichever comes first', () => {
  const [refused, locked] = [failing({ errno: 1045 }), failing({ errno: 4151 })];
  for (const errors of [
    [refused, locked],
    [locked, refused],
  ])
    expect(classifyMysql(new AggregateError(errors, 'All'))).toBe('locked');
  expect(classifyAny(failing({ errno: 1045, cause: locked }))).toBe('locked');
  expect(classifyAny(failing({ errno: 4150, cause: refused }))).toBe('locked');
});

test('an error that holds itself, has a long way in or very many errors is judged by what is near', () => {
  const self = failing({});
  Object.assign(self, { cause: self, errors: [self, failing({ cause: self })] });
  expect(classifyAny(self)).toBe('other');
  Object.assign(self, { parent: failing({ errno: 1045 }) });
  expect(classifyAny(self)).toBe('refused');
  let far = failing({ errno: 1045 });
  for (let step = 0; step < 1_000; step++) far = new Error('Outer', { cause: far });
  expect(classifyAny(far)).toBe('other');
  const many = Array.from({ length: 1_000 }, () => failing({ errno: 1045 }));
  expect(classifyAny(new AggregateError(many, 'All'))).toBe('refused');
});

test('an error whose fields cannot be read says nothing, and what can be read counts', () => {
  const throwing = () => {
    throw new Error('hostile');
  };
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const all = new Proxy(new Error('No.'), { get: throwing });
  for (const error of [
    proxy,
    all,
    failing({ errors: proxy }),
    failing({ errors: [proxy, all] }),
    null,
    'text',
  ])
    expect(classifyAny(error)).toBe('other');
  const cause = failing({ code: '28P01' });
  const half = Object.defineProperty(new Error('No.', { cause }), 'errno', { get: throwing });
  expect(classifyAny(half)).toBe('refused');
  expect(classifyRedis({ message: { toString: throwing } })).toBe('other');
});

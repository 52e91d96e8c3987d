import { expect, test } from 'vitest';
import { DAY } from '../../../../../src/calendar/instant.ts';
import { keepException } from '../../../../../src/monitor/application/operate/keep-exception.ts';
import { StoreError } from '../../../../../src/monitor/ports/store/store-error.ts';
import type { KeepExceptionAnswer } from '../../../../../src/monitor/ports/tell/exception-keeper.ts';
import { named } from '../../../../support/secrets.ts';
import { aService } from '../../../../support/service.ts';

const ABOUT = { secretArn: named('prod/db').arn, control: 'SecretsManager.1' };
const ASKED = {
  ...ABOUT,
  by: 'alice',
  until: '2027-03-31',
  reason: 'the vendor rotates it',
  ticket: 'CHG-1',
};

const idIn = (answer: KeepExceptionAnswer): string =>
  ('exceptions' in answer ? answer.exceptions[0]?.id : undefined) ?? '';

test('one caller asks, another approves, and anybody ends it', async () => {
  const service = aService();
  const asked = await keepException(service, ASKED);
  expect(asked).toMatchObject({ outcome: 'requested', exceptions: [{ requestedBy: 'alice', revision: 1 }] });
  service.clock.advance(DAY);
  const granted = await keepException(service, { ...ABOUT, by: 'bob', approve: idIn(asked) });
  expect(granted).toMatchObject({
    outcome: 'granted',
    exceptions: [{ approvedBy: 'bob', grantedAt: service.clock.now(), ticket: 'CHG-1' }],
  });
  const ended = await keepException(service, { ...ABOUT, by: 'carol', end: true });
  expect(ended).toMatchObject({ outcome: 'ended', exceptions: [{ id: idIn(asked), endedBy: 'carol' }] });
  expect(await keepException(service, { ...ABOUT, by: 'carol', end: true })).toMatchObject({
    outcome: 'refused',
  });
});

test('who asks cannot approve, and nobody approves twice, under another control or what has ended', async () => {
  const service = aService();
  const approve = idIn(await keepException(service, ASKED));
  const refused = async (request: object) =>
    expect(await keepException(service, { ...ABOUT, by: 'bob', approve, ...request })).toMatchObject({
      outcome: 'refused',
    });
  await refused({ by: 'alice' });
  await refused({ control: 'SecretsManager.2' });
  await refused({ secretArn: named('prod/other').arn });
  await refused({ approve: 'unknown' });
  await keepException(service, { ...ABOUT, by: 'bob', approve });
  await refused({ by: 'carol' });
  const again = idIn(await keepException(service, { ...ASKED, reason: 'for another reason' }));
  await keepException(service, { ...ABOUT, by: 'carol', end: true });
  await refused({ approve: again });
});

test('another session of the role that asks cannot approve, and another user of a permission set can', async () => {
  const service = aService();
  const role = 'arn:aws:sts::111122223333:assumed-role/operator';
  const asked = idIn(await keepException(service, { ...ASKED, by: `${role}/alice` }));
  expect(await keepException(service, { ...ABOUT, by: `${role}/bob`, approve: asked })).toEqual({
    outcome: 'refused',
    because: expect.stringContaining('IAM Identity Center'),
  });
  const set = 'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Operator_0123456789abcdef';
  const again = idIn(await keepException(service, { ...ASKED, ticket: 'CHG-2', by: `${set}/alice` }));
  expect(await keepException(service, { ...ABOUT, by: `${set}/bob`, approve: again })).toMatchObject({
    outcome: 'granted',
  });
});

test('a refusal names what was found', async () => {
  const service = aService();
  const because = async (request: object): Promise<string> => {
    const answer = await keepException(service, { ...ABOUT, by: 'bob', ...request });
    return answer.outcome === 'refused' ? answer.because : answer.outcome;
  };
  const end = { end: true } as const;
  expect(await because(end)).toBe('The secret has no exception from SecretsManager.1.');
  expect(await because({ approve: 'unknown' })).toBe('The secret has no request unknown.');
  const approve = idIn(await keepException(service, ASKED));
  expect(await because({ approve, control: 'SecretsManager.2' })).toBe(
    `Request ${approve} is about SecretsManager.1.`,
  );
  await keepException(service, { ...ABOUT, by: 'carol', end: true });
  const ended = 'was ended by carol at 2026-11-21T10:00:00Z.';
  expect(await because({ approve })).toBe(`Request ${approve} ${ended}`);
  expect(await because(end)).toBe(`The latest request for an exception from SecretsManager.1 ${ended}`);
  const granted = idIn(await keepException(service, { ...ASKED, until: '2026-11-30' }));
  await keepException(service, { ...ABOUT, by: 'bob', approve: granted });
  service.clock.advance(20 * DAY);
  expect(await because(end)).toBe(
    'The latest exception from SecretsManager.1 expired at 2026-12-01T00:00:00Z.',
  );
  expect(await because({ approve: granted })).toBe(`Exception ${granted} expired at 2026-12-01T00:00:00Z.`);
});

test('the same request twice is one, and other terms are another', async () => {
  const service = aService();
  const first = idIn(await keepException(service, ASKED));
  expect(idIn(await keepException(service, ASKED))).toBe(first);
  expect(idIn(await keepException(service, { ...ASKED, ticket: 'CHG-2' }))).not.toBe(first);
  expect(await service.changes.exceptions(named('prod/db').arn)).toHaveLength(2);
});

test('a secret has so many exceptions at most', async () => {
  const service = aService();
  for (let index = 0; index < 20; index++) await keepException(service, { ...ASKED, ticket: `CHG-${index}` });
  expect(await keepException(service, { ...ASKED, ticket: 'CHG-20' })).toMatchObject({ outcome: 'refused' });
});

test.each([
  [{ secretArn: 'prod/db' }, '"secretArn"'],
  [{ control: 'SecretsManager.9' }, '"control"'],
  [{ by: ' ' }, '"by"'],
  [{ until: '2028-03-31' }, '400 days'],
  [{ until: '2026-01-01' }, 'ends before it begins'],
  [{ reason: '' }, 'reason'],
])('with %j a request is refused', async (given, said) => {
  const kept = keepException(aService(), { ...ASKED, ...given });
  await expect(kept).rejects.toThrow(RangeError);
  await expect(kept).rejects.toThrow(said);
});

test('a writer who comes second changes nothing', async () => {
  const service = aService();
  const changes = { ...service.changes, writeException: async () => 'conflict' as const };
  await expect(keepException({ ...service, changes }, ASKED)).rejects.toThrow(StoreError);
});

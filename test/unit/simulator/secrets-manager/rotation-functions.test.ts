import { CancelRotateSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { DAY, MINUTE, SECOND } from '../../../../src/calendar/instant.ts';
import { credentialOf } from '../../../../src/simulator/secrets-manager/store/target-database.ts';
import {
  at,
  eventsNamed,
  NAME,
  namesOf,
  openRotated,
  openService,
  put,
  rotate,
  stagesOf,
  V1,
  V2,
  V3,
  VALUE,
} from './support.ts';

const value = (text: string) => ({ field: 'SecretString' as const, text });
const step = (Step: string, token: string = V2) => ({ Step, SecretId: NAME, ClientRequestToken: token });
const accepted = (service: Awaited<ReturnType<typeof openRotated>>['service']) =>
  service.history(NAME).at(-1)?.databaseAccepts;

test('a healthy function changes the password of the same user', async () => {
  const { client, clock, service } = await openRotated();
  await rotate(client, V2);
  await clock.advance(60 * SECOND);
  const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: NAME }));
  expect(credentialOf(value(SecretString)).username).toBe('app');
  expect(service.database(NAME).accepts(value(SecretString))).toBe(true);
  expect(service.database(NAME).accepts(value(VALUE))).toBe(false);
});

test('alternating users keep the old credential alive', async () => {
  const { client, clock, service } = await openRotated({ behaviour: 'alternating-users' });
  await rotate(client, V2);
  await clock.advance(60 * SECOND);
  const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: NAME }));
  expect(credentialOf(value(SecretString)).username).toBe('app_clone');
  expect(service.database(NAME).accepts(value(SecretString))).toBe(true);
  expect(service.database(NAME).accepts(value(VALUE))).toBe(true);
  await rotate(client, V3);
  await clock.advance(60 * SECOND);
  expect(service.database(NAME).accepts(value(VALUE))).toBe(false);
});

test.each([
  ['createSecret', [V1], undefined],
  ['setSecret', [V1], 'createSecret'],
  ['testSecret', [V2], 'setSecret'],
  ['finishSecret', [V2], 'testSecret'],
] as const)('after a failure in %s the target accepts %j', async (failing, accepts, reached) => {
  const { client, clock, service } = await openRotated({ behaviour: 'error', step: failing });
  await rotate(client, V2);
  await clock.advance(30 * SECOND);
  expect(accepted(service)).toEqual(accepts);
  expect(service.history(NAME).at(-1)?.stepReached).toBe(reached);
  expect(service.history(NAME).at(-1)?.failure).toContain(`${failing}: simulated failure of rotator`);
  expect(await stagesOf(client)).toEqual({ [V1]: ['AWSCURRENT'], [V2]: ['AWSPENDING'] });
});

test('setSecret can fail after it has changed the target', async () => {
  const { client, clock, service } = await openRotated({ behaviour: 'error', changesTargetFirst: true });
  await rotate(client, V2);
  await clock.advance(30 * SECOND);
  expect(accepted(service)).toEqual([V2]);
});

test('a failing function of alternating users leaves the current credential alive', async () => {
  const { client, clock, service } = await openRotated({
    behaviour: 'error',
    step: 'testSecret',
    alternatesUsers: true,
  });
  await rotate(client, V2);
  await clock.advance(30 * SECOND);
  expect(accepted(service)).toEqual([V1, V2]);
});

test('a flaky function fails as often as set, then works', async () => {
  const { client, clock, events } = await openRotated({ behaviour: 'flaky', step: 'createSecret', times: 2 });
  await rotate(client, V2);
  await clock.advance(10 * MINUTE);
  expect(eventsNamed(events, 'RotationFailed')).toHaveLength(2);
  expect(namesOf(events).at(-1)).toBe('RotationSucceeded');
});

test('a flaky function fails once when no number is given', async () => {
  const { client, clock, events } = await openRotated({ behaviour: 'flaky' });
  await rotate(client, V2);
  await clock.advance(10 * MINUTE);
  expect(eventsNamed(events, 'RotationFailed')).toHaveLength(1);
});

test('a hanging function fails when Lambda stops it after 15 minutes', async () => {
  const { client, clock, events } = await openRotated({ behaviour: 'hang', step: 'createSecret' });
  await rotate(client, V2);
  await clock.advance(15 * MINUTE - 1);
  expect(eventsNamed(events, 'RotationFailed')).toHaveLength(0);
  await clock.advance(1);
  expect(eventsNamed(events, 'RotationFailed')).toHaveLength(1);
});

test('a slow function takes minutes for each step and succeeds', async () => {
  const { client, clock, events } = await openRotated({ behaviour: 'slow' });
  await rotate(client, V2);
  await clock.advance(8 * MINUTE - 1);
  expect(eventsNamed(events, 'RotationSucceeded')).toHaveLength(0);
  await clock.advance(12 * MINUTE);
  const [succeeded] = eventsNamed(events, 'RotationSucceeded');
  expect(at(succeeded?.time ?? '')).toBeLessThanOrEqual(at('2026-11-02T10:20:00Z'));
});

test('a password changed behind the secret makes setSecret fail', async () => {
  const { client, clock, events, service } = await openRotated();
  service.database(NAME).changeOutOfBand();
  await rotate(client, V2);
  await clock.advance(30 * SECOND);
  expect(eventsNamed(events, 'RotationFailed').at(0)?.detail['errorMessage']).toContain('setSecret');
});

test('setSecret falls back to the previous password after one manual change of the value', async () => {
  const { client, clock, events } = await openRotated();
  await put(client, V3, JSON.stringify({ username: 'app', password: 'never reached the target' }));
  await rotate(client, V2);
  await clock.advance(60 * SECOND);
  expect(namesOf(events).at(-1)).toBe('RotationSucceeded');
});

test('the calls of a function bear its name as their role', async () => {
  const { client, clock, events } = await openRotated();
  await rotate(client, V2);
  await clock.advance(60 * SECOND);
  const [put] = eventsNamed(events, 'PutSecretValue');
  expect(put?.detail).toMatchObject({
    userIdentity: { sessionContext: { sessionIssuer: { userName: 'rotator' } } },
    requestParameters: { clientRequestToken: V2, versionStages: ['AWSPENDING'] },
  });
  expect(JSON.stringify(put)).not.toMatch(/rotationToken|secretString/i);
});

test('an operator finishes a rotation by invoking the function step by step', async () => {
  const { client, clock, service } = await openRotated({ behaviour: 'error', step: 'testSecret' });
  await rotate(client, V2);
  await clock.advance(DAY);
  service.functions.register({ name: 'rotator', behaviour: 'healthy' });
  await service.invoke('rotator', step('testSecret'));
  await service.invoke('rotator', step('finishSecret'));
  expect(await stagesOf(client)).toEqual({ [V1]: ['AWSPREVIOUS'], [V2]: ['AWSCURRENT', 'AWSPENDING'] });
  await service.invoke('rotator', step('finishSecret'));
});

test('a step by hand fails with the message of the function', async () => {
  const { client, service } = await openRotated();
  await rotate(client, V2);
  await expect(service.invoke('rotator', step('testSecret'))).rejects.toThrow(
    "Secrets Manager can't find the specified secret value for staging label: AWSPENDING",
  );
  await expect(service.invoke('rotator', step('testSecret', V3))).rejects.toThrow(
    `Secret version ${V3} has no stage for rotation`,
  );
  await expect(service.invoke('rotator', step('dropSecret'))).rejects.toThrow(
    'Invalid step parameter dropSecret',
  );
  await expect(service.invoke('rotator', 'nonsense')).rejects.toThrow('Invalid step parameter');
  await expect(service.invoke('rotator', { Step: 'testSecret' })).rejects.toThrow('must be strings');
  await expect(service.invoke('unknown', step('testSecret'))).rejects.toThrow('Function not found: unknown');
  await client.send(new CancelRotateSecretCommand({ SecretId: NAME }));
  await expect(service.invoke('rotator', step('createSecret'))).rejects.toThrow(
    'is not enabled for rotation',
  );
});

test('a function refuses a version whose label was moved away', async () => {
  const { client, service } = await openRotated();
  await put(client, V2, VALUE, ['AWSPENDING', 'KEPT']);
  await put(client, V3, VALUE, ['AWSPENDING']);
  await expect(service.invoke('rotator', step('createSecret'))).rejects.toThrow('not set as AWSPENDING');
});

test('functions are found by name, ARN and qualified ARN', () => {
  const { service } = openService();
  const { arn } = service.functions.register({ name: 'rotator', behaviour: 'healthy' });
  expect(arn).toBe('arn:aws:lambda:eu-west-1:111122223333:function:rotator');
  for (const id of ['rotator', arn, `${arn}:live`]) expect(service.functions.find(id)?.name).toBe('rotator');
  expect(service.functions.all()).toHaveLength(1);
});

test('secret values that are plain text or binary rotate, too', async () => {
  for (const text of ['just a password', '[1, 2]', '{"key": "no password"}']) {
    const { clock, events, service } = openService();
    service.functions.register({ name: 'rotator', behaviour: 'healthy' });
    const versions = [{ id: V1, stages: ['AWSCURRENT'], value: text }];
    service.seed({ name: NAME, kind: 'function', function: 'rotator', schedule: 'rate(1 day)', versions });
    await clock.advance(3 * DAY);
    expect(eventsNamed(events, 'RotationSucceeded').length, text).toBeGreaterThanOrEqual(2);
  }
});

test('a function can run code of its own', async () => {
  const steps: unknown[] = [];
  const { client, clock } = await openRotated({
    behaviour: 'healthy',
    handler: (request) => steps.push(request),
  });
  await rotate(client, V2);
  await clock.advance(30 * SECOND);
  expect(steps.slice(0, 2)).toMatchObject([
    { Step: 'createSecret', ClientRequestToken: V2, RotationToken: expect.any(String) },
    { Step: 'setSecret', ClientRequestToken: V2 },
  ]);
});

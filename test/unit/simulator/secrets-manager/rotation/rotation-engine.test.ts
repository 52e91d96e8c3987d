import {
  CancelRotateSecretCommand,
  DeleteSecretCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../../../../src/calendar/instant.ts';
import {
  at,
  describeIt,
  eventsNamed,
  NAME,
  namesOf,
  openCreated,
  openRotated,
  openService,
  put,
  rotate,
  stagesOf,
  V1,
  V2,
  V3,
  VALUE,
} from '../support.ts';

const clearPending = (id: string) =>
  new UpdateSecretVersionStageCommand({
    SecretId: NAME,
    VersionStage: 'AWSPENDING',
    RemoveFromVersionId: id,
  });
const promote = new UpdateSecretVersionStageCommand({
  SecretId: NAME,
  VersionStage: 'AWSCURRENT',
  MoveToVersionId: V2,
  RemoveFromVersionId: V1,
});
const failures = (opened: { events: Parameters<typeof eventsNamed>[0] }) =>
  eventsNamed(opened.events, 'RotationFailed');

test('a rotation opens an empty pending version under the token of the call', async () => {
  const { client, service } = await openRotated();
  const { VersionId } = await rotate(client, V2);
  expect(VersionId).toBe(V2);
  expect(await stagesOf(client)).toEqual({ [V1]: ['AWSCURRENT'], [V2]: ['AWSPENDING'] });
  expect(service.isRotating(NAME)).toBe(true);
});

test('a rotation goes through its four steps in some seconds each', async () => {
  const { clock, client, service } = await openRotated();
  await rotate(client, V2);
  await clock.advance(60 * SECOND);
  const steps = service.history(NAME).map(({ stepReached }) => stepReached);
  expect([...new Set(steps)]).toEqual([undefined, 'createSecret', 'setSecret', 'testSecret', 'finishSecret']);
  expect(service.isRotating(NAME)).toBe(false);
});

test('a success sets both dates and reports it', async () => {
  const opened = await openRotated();
  await rotate(opened.client, V2);
  await opened.clock.advance(60 * SECOND);
  const { LastRotatedDate, NextRotationDate } = await describeIt(opened.client);
  expect(LastRotatedDate?.toISOString()).toMatch(/^2026-11-02T10:00:\d\d/);
  expect(NextRotationDate).toEqual(new Date('2026-12-02T23:59:59Z'));
  expect(namesOf(opened.events)).toEqual([
    'RotateSecret',
    'RotationStarted',
    'PutSecretValue',
    'UpdateSecretVersionStage',
    'Secret Label Updated',
    'RotationSucceeded',
  ]);
});

test('a success can leave AWSPENDING on the current version', async () => {
  const { client, clock, service } = await openRotated();
  service.configureAll({ leavesPending: true });
  await rotate(client, V2);
  await clock.advance(60 * SECOND);
  expect(await stagesOf(client)).toEqual({ [V1]: ['AWSPREVIOUS'], [V2]: ['AWSCURRENT', 'AWSPENDING'] });
});

test('rotations happen by themselves within their windows, year in, year out', async () => {
  const opened = await openRotated();
  await opened.clock.advance(365 * DAY);
  const rotations = eventsNamed(opened.events, 'RotationSucceeded').map(({ time }) => at(time));
  expect(rotations).toHaveLength(12);
  for (const [index, time] of rotations.entries()) {
    const previous = rotations[index - 1] ?? at('2026-11-02T10:00:00Z');
    expect(Math.floor(time / DAY) - Math.floor(previous / DAY)).toBe(30);
  }
});

test('a cron schedule rotates in each of its windows', async () => {
  const { client, clock, events, service } = openService();
  service.functions.register({ name: 'rotator', behaviour: 'healthy' });
  service.seed({ name: NAME, kind: 'function', function: 'rotator', schedule: 'cron(0 3 ? * MON#1 *)' });
  await clock.advance(100 * DAY);
  const days = eventsNamed(events, 'RotationSucceeded').map(({ time }) => time.slice(0, 10));
  expect(days).toEqual(['2026-12-07', '2027-01-04', '2027-02-01']);
  expect((await describeIt(client)).NextRotationDate).toEqual(new Date('2027-03-01T23:59:59Z'));
});

test('a rate in hours shows the derived days and the end of the hour', async () => {
  const { client, clock, service } = openService();
  service.functions.register({ name: 'rotator', behaviour: 'healthy' });
  service.seed({ name: NAME, kind: 'function', function: 'rotator', schedule: 'rate(4 hours)' });
  expect((await describeIt(client)).RotationRules).toEqual({ ScheduleExpression: 'rate(4 hours)' });
  await clock.advance(5 * HOUR);
  const { RotationRules, NextRotationDate } = await describeIt(client);
  expect(RotationRules).toEqual({ ScheduleExpression: 'rate(4 hours)', AutomaticallyAfterDays: 1 });
  expect(NextRotationDate).toEqual(new Date('2026-11-02T18:59:59Z'));
});

test('a failing step is retried with the same token and growing pauses, then there is silence', async () => {
  const opened = await openRotated({ behaviour: 'error', step: 'setSecret' });
  await rotate(opened.client, V2);
  await opened.clock.advance(30 * DAY);
  const times = failures(opened).map(({ time }) => at(time));
  const pauses = times.slice(1).map((time, index) => Math.round((time - (times[index] ?? 0)) / MINUTE));
  expect(pauses).toEqual([1, 3, 10, 30, 60, 120]);
  expect(new Set(failures(opened).map(({ detail }) => detail['requestID']))).toEqual(
    new Set([`Rotation-${opened.arn}-${V2}`]),
  );
  expect(opened.service.isRotating(NAME)).toBe(false);
});

test('every failed attempt names the function and the step', async () => {
  for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const) {
    const opened = await openRotated({ behaviour: 'error', step });
    await rotate(opened.client, V2);
    await opened.clock.advance(30 * SECOND);
    expect(failures(opened).at(0)?.detail['errorMessage']).toBe(
      `Error when executing lambda arn:aws:lambda:eu-west-1:111122223333:function:rotator during ${step} step`,
    );
  }
});

test('attempts end with the window', async () => {
  const { clock, events, service } = openService();
  service.functions.register({ name: 'rotator', behaviour: 'error' });
  service.seed({ name: NAME, kind: 'function', function: 'rotator', schedule: 'rate(4 hours)' });
  await clock.advance(2 * DAY);
  const times = eventsNamed(events, 'RotationFailed').map(({ time }) => time);
  expect(times.length).toBeGreaterThan(2);
  for (const time of times) expect(time).toMatch(/^2026-11-02T14:/);
});

test('while AWSPENDING is stuck later windows pass unused and NextRotationDate stays in the past', async () => {
  const { client, clock, events, service } = openService();
  service.functions.register({ name: 'rotator', behaviour: 'error' });
  service.seed({ name: NAME, kind: 'function', function: 'rotator', schedule: 'rate(4 hours)' });
  await clock.advance(30 * DAY);
  expect((await describeIt(client)).NextRotationDate).toEqual(new Date('2026-11-02T14:59:59Z'));
  expect(eventsNamed(events, 'RotationStarted')).toHaveLength(1);
});

test('a repaired function heals the rotation at the next attempt', async () => {
  const opened = await openRotated({ behaviour: 'error', step: 'testSecret' });
  await rotate(opened.client, V2);
  await opened.clock.advance(5 * MINUTE);
  expect(failures(opened)).toHaveLength(3);
  opened.service.functions.register({ name: 'rotator', behaviour: 'healthy' });
  await opened.clock.advance(12 * MINUTE);
  expect(namesOf(opened.events).at(-1)).toBe('RotationSucceeded');
  expect(await stagesOf(opened.client)).toEqual({ [V1]: ['AWSPREVIOUS'], [V2]: ['AWSCURRENT'] });
});

test('a function that is gone leaves an empty pending version', async () => {
  const opened = await openRotated({ behaviour: 'healthy' });
  opened.service.functions.register({ name: 'rotator', behaviour: 'healthy', presence: 'gone' });
  await opened.clock.advance(31 * DAY);
  expect(failures(opened).at(0)?.detail['errorMessage']).toContain('during createSecret step');
  expect(Object.values(await stagesOf(opened.client))).toEqual([['AWSCURRENT'], ['AWSPENDING']]);
});

test('a pending value that the function did not put is refused with its own text', async () => {
  const opened = await openRotated({ behaviour: 'healthy', assumedRole: 'elsewhere' });
  await rotate(opened.client, V2);
  await opened.clock.advance(10 * SECOND);
  expect(failures(opened).at(0)?.detail['errorMessage']).toBe(
    `Pending secret version ${V2} for Secret ${opened.arn} was not created by Lambda arn:aws:lambda:eu-west-1:111122223333:function:rotator. Remove the AWSPENDING staging label and restart rotation`,
  );
});

test('CancelRotateSecret in the middle turns rotation off, keeps the label and ends the attempts', async () => {
  const opened = await openRotated();
  await rotate(opened.client, V2);
  const { VersionId } = await opened.client.send(new CancelRotateSecretCommand({ SecretId: NAME }));
  await opened.clock.advance(DAY);
  const described = await describeIt(opened.client);
  expect(VersionId).toBe(V2);
  expect(described).toMatchObject({ RotationEnabled: false, RotationRules: { AutomaticallyAfterDays: 30 } });
  expect(described).not.toHaveProperty('NextRotationDate');
  expect(await stagesOf(opened.client)).toEqual({ [V1]: ['AWSCURRENT'], [V2]: ['AWSPENDING'] });
  expect(namesOf(opened.events)).toEqual(['RotateSecret', 'RotationStarted', 'CancelRotateSecret']);
});

test('CancelRotateSecret without a rotation answers no version', async () => {
  const { client } = await openRotated();
  const answer = await client.send(new CancelRotateSecretCommand({ SecretId: NAME }));
  expect(answer).not.toHaveProperty('VersionId');
});

test('a new value during a rotation abandons it', async () => {
  const opened = await openRotated();
  await rotate(opened.client, V2);
  await put(opened.client, V3, VALUE);
  await opened.clock.advance(DAY);
  const [abandoned] = eventsNamed(opened.events, 'RotationAbandoned');
  expect(abandoned?.detail).toMatchObject({
    additionalEventData: { SecretId: opened.arn },
    requestID: `Rotation-${opened.arn}-${V2}`,
  });
  expect(await stagesOf(opened.client)).toEqual({ [V1]: ['AWSPREVIOUS'], [V3]: ['AWSCURRENT'] });
  expect(eventsNamed(opened.events, 'RotationSucceeded')).toHaveLength(0);
});

test('a new value clears a stuck rotation long after its last attempt', async () => {
  const opened = await openRotated({ behaviour: 'error' });
  await rotate(opened.client, V2);
  await opened.clock.advance(3 * DAY);
  await put(opened.client, V3, VALUE);
  expect(eventsNamed(opened.events, 'RotationAbandoned')).toHaveLength(1);
  opened.service.functions.register({ name: 'rotator', behaviour: 'healthy' });
  await rotate(opened.client, '44444444-0000-4000-8000-000000000000');
  await opened.clock.advance(60 * SECOND);
  expect(namesOf(opened.events).at(-1)).toBe('RotationSucceeded');
});

test('a manual value counts as a rotation for schedules that count days', async () => {
  const { client, clock } = await openRotated();
  expect((await describeIt(client)).NextRotationDate).toEqual(new Date('2026-12-02T23:59:59Z'));
  await clock.advance(5 * DAY);
  await put(client, V2, VALUE);
  const described = await describeIt(client);
  expect(described.NextRotationDate).toEqual(new Date('2026-12-07T23:59:59Z'));
  expect(described).not.toHaveProperty('LastRotatedDate');
});

test('a manual value does not move a cron schedule', async () => {
  const { client, clock, service } = openService();
  service.functions.register({ name: 'rotator', behaviour: 'healthy' });
  service.seed({ name: NAME, kind: 'function', function: 'rotator', schedule: 'cron(0 8 1 * ? *)' });
  await clock.advance(5 * DAY);
  await put(client, V2, VALUE);
  expect((await describeIt(client)).NextRotationDate).toEqual(new Date('2026-12-01T23:59:59Z'));
});

test('removing AWSPENDING by hand makes room for the next window', async () => {
  const { client, clock, service, events } = openService();
  service.functions.register({ name: 'rotator', behaviour: 'error' });
  service.seed({ name: NAME, kind: 'function', function: 'rotator', schedule: 'rate(4 hours)' });
  await clock.advance(DAY);
  const [, pending = ''] = Object.keys(await stagesOf(client));
  service.functions.register({ name: 'rotator', behaviour: 'healthy' });
  await client.send(clearPending(pending));
  expect((await describeIt(client)).NextRotationDate).toEqual(new Date('2026-11-03T14:59:59Z'));
  await clock.advance(5 * HOUR);
  expect(eventsNamed(events, 'RotationSucceeded')).toHaveLength(1);
});

test('removing AWSPENDING between attempts ends them', async () => {
  const opened = await openRotated({ behaviour: 'error' });
  await rotate(opened.client, V2);
  await opened.clock.advance(30 * SECOND);
  await opened.client.send(clearPending(V2));
  await opened.clock.advance(DAY);
  expect(failures(opened)).toHaveLength(1);
  await rotate(opened.client, V3);
  expect(eventsNamed(opened.events, 'RotationStarted')).toHaveLength(2);
});

test('a rotation that an operator finishes by hand succeeds at its next attempt', async () => {
  const opened = await openRotated({ behaviour: 'error', step: 'finishSecret' });
  await rotate(opened.client, V2);
  await opened.clock.advance(30 * SECOND);
  await opened.client.send(promote);
  await opened.clock.advance(5 * MINUTE);
  expect(namesOf(opened.events).at(-1)).toBe('RotationSucceeded');
  expect(await stagesOf(opened.client)).toEqual({ [V1]: ['AWSPREVIOUS'], [V2]: ['AWSCURRENT'] });
});

test('RotateImmediately=false runs testSecret on a version that comes and goes', async () => {
  const opened = await openRotated();
  const input = { SecretId: NAME, ClientRequestToken: V2, RotateImmediately: false };
  await opened.client.send(new RotateSecretCommand(input));
  expect(await stagesOf(opened.client)).toEqual({ [V1]: ['AWSCURRENT'], [V2]: ['AWSPENDING'] });
  await opened.clock.advance(10 * SECOND);
  expect(await stagesOf(opened.client)).toEqual({ [V1]: ['AWSCURRENT'] });
  expect(namesOf(opened.events)).toEqual(['RotateSecret', 'TestRotationStarted', 'TestRotationSucceeded']);
  expect(await describeIt(opened.client)).not.toHaveProperty('LastRotatedDate');
});

test('a test that fails names the step testSecret', async () => {
  const opened = await openRotated({ behaviour: 'error', step: 'testSecret' });
  const input = { SecretId: NAME, ClientRequestToken: V2, RotateImmediately: false };
  await opened.client.send(new RotateSecretCommand(input));
  await opened.clock.advance(DAY);
  const [failed] = eventsNamed(opened.events, 'TestRotationFailed');
  expect(failed?.detail['errorMessage']).toContain('during testSecret step');
  expect(await stagesOf(opened.client)).toEqual({ [V1]: ['AWSCURRENT'] });
});

test('DeleteSecret ends the rotation and turns it off, and the label stays', async () => {
  const opened = await openRotated();
  await rotate(opened.client, V2);
  await opened.client.send(new DeleteSecretCommand({ SecretId: NAME }));
  await opened.clock.advance(DAY);
  expect(await describeIt(opened.client)).toMatchObject({
    RotationEnabled: false,
    DeletedDate: new Date('2026-11-02T10:00:00Z'),
    VersionIdsToStages: { [V1]: ['AWSCURRENT'], [V2]: ['AWSPENDING'] },
  });
  expect(eventsNamed(opened.events, 'RotationSucceeded')).toHaveLength(0);
});

test('managed rotation takes less than a minute and no function', async () => {
  const { client, clock, events, service } = openService();
  service.seed({
    name: 'rds!db-1',
    kind: 'managed',
    schedule: 7,
    versions: [{ id: V1, stages: ['AWSCURRENT'] }],
  });
  await client.send(new RotateSecretCommand({ SecretId: 'rds!db-1', ClientRequestToken: V2 }));
  await clock.advance(MINUTE);
  expect(await describeIt(client, 'rds!db-1')).toMatchObject({
    OwningService: 'rds',
    VersionIdsToStages: { [V1]: ['AWSPREVIOUS'], [V2]: ['AWSCURRENT'] },
  });
  expect(namesOf(events)).toEqual([
    'RotateSecret',
    'RotationStarted',
    'Secret Label Updated',
    'RotationSucceeded',
  ]);
});

test('a managed rotation that fails gives no reason and leaves an empty pending version', async () => {
  const { client, clock, events, service } = openService();
  const { arn } = service.seed({ name: 'rds!db-1', kind: 'managed', schedule: 7 });
  service.configure(arn, { managedFails: true });
  await clock.advance(10 * DAY);
  expect(eventsNamed(events, 'RotationFailed').length).toBeGreaterThan(3);
  expect(eventsNamed(events, 'RotationFailed').at(0)?.detail).not.toHaveProperty('errorMessage');
  expect(Object.values((await describeIt(client, arn)).VersionIdsToStages ?? {})).toContainEqual([
    'AWSPENDING',
  ]);
});

test('windows can be missed without a trace, and kept again', async () => {
  const { client, clock, events, service } = openService();
  service.functions.register({ name: 'rotator', behaviour: 'healthy' });
  service.seed({ name: NAME, kind: 'function', function: 'rotator', schedule: 'rate(1 day)' });
  service.configure(NAME, { missesWindows: true });
  await clock.advance(5 * DAY);
  expect(events).toEqual([]);
  expect((await describeIt(client)).NextRotationDate).toEqual(new Date('2026-11-03T23:59:59Z'));
  service.configure(NAME, { missesWindows: false });
  await clock.advance(2 * DAY);
  expect(eventsNamed(events, 'RotationSucceeded')).toHaveLength(1);
});

test('a value put by hand moves LastRotatedDate where the settings say so, and the next rotation does anyway', async () => {
  const { client, clock, service } = await openRotated();
  const before = (await describeIt(client)).LastRotatedDate;
  await put(client, V2, VALUE);
  expect((await describeIt(client)).LastRotatedDate).toEqual(before);
  service.configureAll({ putsMoveRotatedDate: true });
  await clock.advance(MINUTE);
  const now = new Date(clock.now());
  await put(client, V3, VALUE);
  expect((await describeIt(client)).LastRotatedDate).toEqual(now);
  await rotate(client, 'rotated-'.padEnd(36, '4'));
  await clock.advance(MINUTE);
  expect((await describeIt(client)).LastRotatedDate?.getTime()).toBeGreaterThan(now.getTime());
});

test('a rotation before the first value fails in createSecret', async () => {
  const { client, clock, events, service } = openService();
  service.functions.register({ name: 'rotator', behaviour: 'healthy' });
  service.seed({ name: NAME, kind: 'function', function: 'rotator', schedule: 30, versions: [] });
  await rotate(client, V2);
  await clock.advance(30 * SECOND);
  expect(eventsNamed(events, 'RotationFailed').at(0)?.detail['errorMessage']).toContain('createSecret');
  expect(await stagesOf(client)).toEqual({ [V2]: ['AWSPENDING'] });
});

test('rotation can be turned on again after it was cancelled, with its old rules', async () => {
  const { client, clock, events } = await openRotated();
  await client.send(new CancelRotateSecretCommand({ SecretId: NAME }));
  await clock.advance(40 * DAY);
  expect(eventsNamed(events, 'RotationStarted')).toHaveLength(0);
  await rotate(client, V2);
  await clock.advance(31 * DAY);
  expect(eventsNamed(events, 'RotationSucceeded')).toHaveLength(2);
});

test('a new value after a cancelled rotation clears AWSPENDING and abandons nothing', async () => {
  const opened = await openRotated();
  await rotate(opened.client, V2);
  await opened.client.send(new CancelRotateSecretCommand({ SecretId: NAME }));
  await put(opened.client, V3, VALUE);
  expect(await stagesOf(opened.client)).toEqual({ [V1]: ['AWSPREVIOUS'], [V3]: ['AWSCURRENT'] });
  expect(eventsNamed(opened.events, 'RotationAbandoned')).toHaveLength(0);
});

test('a function that moves no label has not rotated', async () => {
  const opened = await openRotated({ behaviour: 'healthy', handler: () => undefined });
  await rotate(opened.client, V2);
  await opened.clock.advance(30 * SECOND);
  expect(failures(opened).at(0)?.detail['errorMessage']).toContain('during finishSecret step');
  expect(await stagesOf(opened.client)).toEqual({ [V1]: ['AWSCURRENT'], [V2]: ['AWSPENDING'] });
});

test('what a schedule has wrong is refused before what the secret lacks', async () => {
  const { client } = await openCreated();
  const asked = client.send(
    new RotateSecretCommand({ SecretId: NAME, RotationRules: { AutomaticallyAfterDays: 1001 } }),
  );
  await expect(asked).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

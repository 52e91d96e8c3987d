import {
  CancelRotateSecretCommand,
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  RotateSecretCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { AwsError } from '../../../../src/simulator/call/aws-error.ts';
import { describeIt, HOME, NAME, put, rotate, simulated, V1, V2, V3, V4, VALUE } from './support.ts';

const { openCreated, openRotated, openService } = simulated;

/** The error as operators see it: `Code: message`. */
const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'not refused',
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
  );

const MARKED =
  "InvalidRequestException: You can't perform this operation on the secret because it was marked for deletion.";
const REPLICA =
  "InvalidParameterException: Operation not permitted on a replica secret. Call must be made in primary secret's region.";
const PREVIOUS_OPEN =
  "InvalidRequestException: A previous rotation isn't complete. That rotation will be reattempted.";
const NOT_INVOCABLE =
  'AccessDeniedException: Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.';

const getValue = (input: object) => new GetSecretValueCommand({ SecretId: NAME, ...input });
const moveLabel = (input: object) =>
  new UpdateSecretVersionStageCommand({ SecretId: NAME, VersionStage: 'AWSCURRENT', ...input });

test('an unknown secret is not found by any operation', async () => {
  const { client } = openService();
  const text = "ResourceNotFoundException: Secrets Manager can't find the specified secret.";
  expect(await refusal(describeIt(client, 'unknown'))).toBe(text);
  expect(await refusal(client.send(getValue({})))).toBe(text);
  expect(await refusal(client.send(new ListSecretVersionIdsCommand({ SecretId: NAME })))).toBe(text);
  expect(await refusal(client.send(new DeleteSecretCommand({ SecretId: NAME })))).toBe(text);
  expect(await refusal(rotate(client))).toBe(text);
});

test('GetSecretValue refuses a stage that is not on the version', async () => {
  const { client } = await openCreated();
  expect(await refusal(client.send(getValue({ VersionId: V1, VersionStage: 'AWSPENDING' })))).toBe(
    'InvalidRequestException: You provided a VersionStage that is not associated to the provided VersionId.',
  );
});

test('GetSecretValue names the staging label that has no value', async () => {
  const { client } = await openRotated();
  const text =
    "ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: AWSPENDING";
  expect(await refusal(client.send(getValue({ VersionStage: 'AWSPENDING' })))).toBe(text);
  await rotate(client, V2);
  expect(await refusal(client.send(getValue({ VersionStage: 'AWSPENDING' })))).toBe(text);
  expect(await refusal(client.send(getValue({ VersionStage: 'AWSPENDING', VersionId: V2 })))).toBe(text);
});

test('GetSecretValue names the version that does not exist', async () => {
  const { client } = await openCreated();
  expect(await refusal(client.send(getValue({ VersionId: V2 })))).toBe(
    `ResourceNotFoundException: Secrets Manager can't find the specified secret value for VersionId: ${V2}`,
  );
});

test('GetSecretValue names AWSCURRENT for a secret without a value', async () => {
  const { client, service } = openService();
  service.seed({ name: NAME, kind: 'none', versions: [] });
  expect(await refusal(client.send(getValue({})))).toBe(
    "ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
  );
});

test('RotateSecret refuses a secret without a rotation function', async () => {
  const { client } = await openCreated();
  expect(await refusal(rotate(client))).toBe(
    'InvalidRequestException: No Lambda rotation function ARN is associated with this secret.',
  );
});

test('RotateSecret refuses a function that is gone, not invocable or unknown, and configures nothing', async () => {
  const { client, service } = await openCreated();
  const gone = service.functions.register({ name: 'gone', behaviour: 'healthy', presence: 'gone' });
  const closed = service.functions.register({
    name: 'closed',
    behaviour: 'healthy',
    presence: 'not-invocable',
  });
  for (const arn of [gone.arn, closed.arn, 'arn:aws:lambda:eu-west-1:111122223333:function:unknown']) {
    const input = { SecretId: NAME, RotationLambdaARN: arn, RotationRules: { AutomaticallyAfterDays: 1 } };
    expect(await refusal(client.send(new RotateSecretCommand(input)))).toBe(NOT_INVOCABLE);
  }
  expect(await describeIt(client)).not.toHaveProperty('RotationEnabled');
});

test('RotateSecret refuses while AWSPENDING sits on another version than AWSCURRENT', async () => {
  const { client } = await openRotated();
  await rotate(client, V2);
  expect(await refusal(rotate(client, V3))).toBe(PREVIOUS_OPEN);
  expect(await refusal(rotate(client, V2))).toBe(PREVIOUS_OPEN);
});

test('RotateSecret refuses after AWSPENDING was staged by hand', async () => {
  const { client } = await openRotated();
  await put(client, V2, VALUE, ['AWSPENDING']);
  expect(await refusal(rotate(client, V3))).toBe(PREVIOUS_OPEN);
});

test('RotateSecret accepts AWSPENDING on the AWSCURRENT version', async () => {
  const { client, clock, service } = await openRotated();
  service.configure(NAME, { leavesPending: true });
  await rotate(client, V2);
  await clock.advance(60_000);
  expect(await refusal(rotate(client, V3))).toBe('not refused');
});

test.each([
  [
    { AutomaticallyAfterDays: 30, ScheduleExpression: 'rate(30 days)' },
    'You cannot specify both rotation frequency and schedule expression together.',
  ],
  [{ AutomaticallyAfterDays: 0 }, 'AutomaticallyAfterDays'],
  [{ AutomaticallyAfterDays: 1001 }, 'AutomaticallyAfterDays'],
  [{ ScheduleExpression: 'rate(3 hours)' }, 'rate(3 hours)'],
  [{ ScheduleExpression: 'cron(5 8 * * ? *)' }, 'cron(5 8 * * ? *)'],
  [{ ScheduleExpression: 'every day' }, 'every day'],
  [{ ScheduleExpression: 'rate(4 hours)', Duration: '5h' }, 'window'],
  [{ AutomaticallyAfterDays: 30, Duration: '30m' }, '30m'],
  [{}, 'AutomaticallyAfterDays or ScheduleExpression'],
])('RotateSecret refuses the rules %j', async (rules, reason) => {
  const { client } = await openRotated();
  const text = await refusal(client.send(new RotateSecretCommand({ SecretId: NAME, RotationRules: rules })));
  expect(text).toMatch(/^InvalidParameterException: /);
  expect(text).toContain(reason);
});

test('every write refuses a secret that is marked for deletion, and reading its value does, too', async () => {
  const { client } = await openRotated();
  await client.send(new DeleteSecretCommand({ SecretId: NAME }));
  expect(await refusal(client.send(getValue({})))).toBe(MARKED);
  expect(await refusal(put(client, V2, 'two'))).toBe(MARKED);
  expect(await refusal(client.send(new UpdateSecretCommand({ SecretId: NAME, Description: 'x' })))).toBe(
    MARKED,
  );
  expect(await refusal(client.send(moveLabel({ MoveToVersionId: V1 })))).toBe(MARKED);
  expect(await refusal(rotate(client))).toBe(MARKED);
  expect(await refusal(client.send(new CancelRotateSecretCommand({ SecretId: NAME })))).toBe(MARKED);
  expect(await refusal(client.send(new TagResourceCommand({ SecretId: NAME, Tags: [] })))).toBe(MARKED);
  expect(await refusal(client.send(new UntagResourceCommand({ SecretId: NAME, TagKeys: [] })))).toBe(MARKED);
  expect(await refusal(client.send(new DeleteSecretCommand({ SecretId: NAME })))).toBe(
    "InvalidRequestException: You tried to perform the operation on a secret that's currently marked deleted.",
  );
  expect(await refusal(client.send(new CreateSecretCommand({ Name: NAME })))).toBe(
    "InvalidRequestException: You can't create this secret because a secret with this name is already scheduled for deletion.",
  );
});

test('every write refuses a replica', async () => {
  const { client, service } = openService();
  service.seed({ name: NAME, kind: 'replica', versions: [{ id: V1, stages: ['AWSCURRENT'] }] });
  const rules = { AutomaticallyAfterDays: 1 };
  for (const work of [
    put(client, V2, 'two'),
    rotate(client),
    client.send(new UpdateSecretCommand({ SecretId: NAME, Description: 'x' })),
    client.send(moveLabel({ MoveToVersionId: V1 })),
    client.send(new RotateSecretCommand({ SecretId: NAME, RotationRules: rules })),
    client.send(new CancelRotateSecretCommand({ SecretId: NAME })),
    client.send(new DeleteSecretCommand({ SecretId: NAME })),
    client.send(new RestoreSecretCommand({ SecretId: NAME })),
    client.send(new TagResourceCommand({ SecretId: NAME, Tags: [] })),
  ]) {
    expect(await refusal(work)).toBe(REPLICA);
  }
});

test('writes refuse a secret that a service owns', async () => {
  const { client, service } = openService();
  service.seed({ name: NAME, kind: 'managed', schedule: 7 });
  const text =
    'InvalidRequestException: The secret is managed by another service, and you must use that service to update it.';
  expect(await refusal(put(client, V2, 'two'))).toBe(text);
  expect(await refusal(client.send(moveLabel({ MoveToVersionId: V1 })))).toBe(text);
  expect(await refusal(client.send(new DeleteSecretCommand({ SecretId: NAME })))).toBe(text);
});

test('CreateSecret refuses a name that is taken', async () => {
  const { client } = await openCreated();
  expect(await refusal(client.send(new CreateSecretCommand({ Name: NAME, SecretString: 'one' })))).toBe(
    `ResourceExistsException: The operation failed because the secret ${NAME} already exists.`,
  );
});

test('a token that names a version with other content is refused', async () => {
  const { client, arn } = await openCreated();
  const text = `ResourceExistsException: You can't use ClientRequestToken ${V1} because that value is already in use for a version of secret ${arn}.`;
  const create = { Name: NAME, ClientRequestToken: V1, SecretString: 'other' };
  const update = { SecretId: NAME, ClientRequestToken: V1, SecretString: 'other' };
  expect(await refusal(put(client, V1, 'other'))).toBe(text);
  expect(await refusal(client.send(new CreateSecretCommand(create)))).toBe(text);
  expect(await refusal(client.send(new UpdateSecretCommand(update)))).toBe(text);
});

test('a placeholder is filled once', async () => {
  const { client } = await openRotated();
  await rotate(client, V2);
  expect(await refusal(put(client, V2, 'two', ['AWSPENDING']))).toBe('not refused');
  expect(await refusal(put(client, V2, 'two', ['AWSPENDING']))).toBe('not refused');
  expect(await refusal(put(client, V2, 'other', ['AWSPENDING']))).toContain('ResourceExistsException');
});

test('UpdateSecretVersionStage wants to know where the label is now', async () => {
  const { client } = await openCreated();
  await put(client, V2, 'two', ['AWSPENDING']);
  expect(await refusal(client.send(moveLabel({ MoveToVersionId: V2 })))).toBe(
    `InvalidParameterException: The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached to version ${V1}, so you must explicitly reference that version in RemoveFromVersionId.`,
  );
  expect(await refusal(client.send(moveLabel({ MoveToVersionId: V2, RemoveFromVersionId: V2 })))).toBe(
    'InvalidParameterException: When you move staging label AWSCURRENT, if you specify RemoveFromVersionId, it must be set to the version that currently has the staging label AWSCURRENT.',
  );
  expect(await refusal(client.send(moveLabel({ MoveToVersionId: V4, RemoveFromVersionId: V1 })))).toContain(
    V4,
  );
});

test('UpdateSecretVersionStage never removes AWSCURRENT altogether', async () => {
  const { client } = await openCreated();
  expect(await refusal(client.send(moveLabel({ RemoveFromVersionId: V1 })))).toBe(
    "InvalidParameterException: You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.",
  );
});

test('a secret carries at most 20 labels', async () => {
  const { client } = await openCreated();
  const labels = Array.from({ length: 19 }, (_, index) => `LABEL${index}`);
  await put(client, V2, 'two', labels);
  expect(await refusal(put(client, V3, 'three', ['LABEL20']))).toMatch(/^LimitExceededException: /);
  expect(await refusal(put(client, V3, 'three', ['LABEL0']))).toBe('not refused');
});

test('a secret holds at most 100 versions younger than a day', async () => {
  const { client, clock, service } = await openCreated();
  const id = (index: number) => `${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`;
  for (let index = 0; index < 99; index++) await put(client, id(index), `value ${index}`);
  expect(await refusal(put(client, id(99), 'one too many'))).toMatch(/^LimitExceededException: /);
  await clock.advance(24 * 3_600_000);
  expect(await refusal(put(client, id(99), 'a day later'))).toBe('not refused');
  expect(service.history(NAME)).toHaveLength(102);
});

test.each([
  [{ RecoveryWindowInDays: 6 }, 'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).'],
  [{ RecoveryWindowInDays: 31 }, 'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).'],
  [
    { RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true },
    "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
  ],
])('DeleteSecret refuses %j', async (input, reason) => {
  const { client } = await openCreated();
  const text = await refusal(client.send(new DeleteSecretCommand({ SecretId: NAME, ...input })));
  expect(text).toBe(`InvalidParameterException: ${reason}`);
});

test('DeleteSecret refuses a primary that still has replicas', async () => {
  const { client, service } = openService();
  const replicas = [{ region: 'us-east-1', status: 'InSync' as const, message: undefined }];
  const { arn } = service.seed({ name: NAME, kind: 'none', primaryRegion: HOME.region, replicas });
  expect(await refusal(client.send(new DeleteSecretCommand({ SecretId: NAME })))).toBe(
    `InvalidParameterException: You can't delete secret ${arn} that still has replica regions [us-east-1].`,
  );
});

test('names and tokens out of form are refused', async () => {
  const { client } = openService();
  expect(await refusal(client.send(new CreateSecretCommand({ Name: 'no spaces' })))).toContain(
    'Invalid name.',
  );
  const short = new PutSecretValueCommand({ SecretId: NAME, ClientRequestToken: 'short', SecretString: 'x' });
  const created = await openCreated();
  expect(await refusal(created.client.send(short))).toBe(
    'InvalidParameterException: ClientRequestToken must be 32-64 characters long.',
  );
});

test('a raw call without a ClientRequestToken is refused', async () => {
  const { service, clock } = await openCreated();
  const call = { ...HOME, role: 'raw', principal: 'arn:aws:iam::111122223333:user/raw', requestId: 'r' };
  const text = 'You must provide a ClientRequestToken value. We recommend a UUID-type value.';
  for (const [operation, input] of [
    ['PutSecretValue', { SecretId: NAME, SecretString: 'x' }],
    ['UpdateSecret', { SecretId: NAME, SecretString: 'x' }],
    ['RotateSecret', { SecretId: NAME }],
    ['CreateSecret', { Name: 'another' }],
  ] as const) {
    const answer = service.operations[operation]?.(input, { ...call, now: clock.now() });
    const code = operation === 'RotateSecret' ? 'InvalidParameterException' : 'InvalidRequestException';
    await expect(answer).rejects.toThrow(new AwsError(code, text));
  }
});

test('page sizes, tokens, filters and orders out of range are refused', async () => {
  const { client } = openService();
  const list = (input: object) => refusal(client.send(new ListSecretsCommand(input)));
  expect(await list({ MaxResults: 101 })).toBe(
    "ValidationException: 1 validation error detected: Value '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100",
  );
  expect(await list({ NextToken: 'made up' })).toMatch(/^InvalidNextTokenException: /);
  expect(await list({ Filters: [{ Key: 'colour', Values: ['red'] }] })).toMatch(/^ValidationException: /);
  expect(await list({ Filters: [{ Key: 'name', Values: [] }] })).toMatch(/^ValidationException: /);
  expect(await list({ SortBy: 'size' })).toMatch(/^ValidationException: /);
});

test.each([
  ['DescribeSecret', { SecretId: 7 }],
  ['ListSecrets', { MaxResults: '7' }],
  ['ListSecrets', { IncludePlannedDeletion: 'yes' }],
  ['ListSecrets', { Filters: 'name' }],
  ['TagResource', { SecretId: NAME, Tags: ['a'] }],
  ['UntagResource', { SecretId: NAME, TagKeys: [1] }],
  ['RotateSecret', { SecretId: NAME, ClientRequestToken: V2, RotationRules: [] }],
])('%s refuses members of the wrong type in %j', async (operation, input) => {
  const { service, clock } = await openRotated();
  const principal = 'arn:aws:iam::111122223333:user/raw';
  const call = { ...HOME, role: 'raw', principal, requestId: 'r', now: clock.now() };
  await expect(async () => service.operations[operation]?.(input, call)).rejects.toMatchObject({
    code: 'SerializationException',
  });
});

test('members that must be there are missed', async () => {
  const { service, clock } = openService();
  const call = { ...HOME, role: 'raw', principal: 'raw', requestId: 'r', now: clock.now() };
  await expect(async () => service.operations['DescribeSecret']?.({}, call)).rejects.toThrow(
    "1 validation error detected: Value null at 'secretId' failed to satisfy constraint: Member must not be null",
  );
});

test('values and labels that contradict each other or are missing are refused', async () => {
  const { client } = await openCreated();
  const both = { SecretId: NAME, SecretString: 'x', SecretBinary: new Uint8Array([1]) };
  expect(await refusal(client.send(new PutSecretValueCommand(both)))).toContain(
    'both SecretString and SecretBinary',
  );
  expect(await refusal(client.send(new PutSecretValueCommand({ SecretId: NAME })))).toBe(
    'InvalidRequestException: You must provide either SecretString or SecretBinary.',
  );
  expect(await refusal(put(client, V2, 'two', []))).toMatch(/^ValidationException: /);
});

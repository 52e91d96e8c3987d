import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HOUR } from '../../../../src/calendar/instant.ts';
import { shellQuote } from '../../../../src/monitor/domain/shell-quote.ts';
import { parseAwsCommand, runAwsCommand } from '../../../../src/proving/operator/aws-cli.ts';
import { CommandLineError } from '../../../../src/proving/operator/shell-words.ts';
import { seededRandom } from '../../../../src/simulator/call/random.ts';
import { aSimulator } from '../../../support/simulated.ts';

const { uuid } = seededRandom(1);

const inputOf = (line: string) => parseAwsCommand(line).options.input;

describe('parseAwsCommand()', () => {
  test('the address of a queue is its value, that of anything else stands for what is there', () => {
    const address = 'https://sqs.eu-west-1.amazonaws.com/111122223333/events';
    expect(inputOf(`aws sqs get-queue-attributes --queue-url ${address}`)).toMatchObject({
      QueueUrl: address,
    });
    for (const value of [address, 'file://x'])
      expect(() => inputOf(`aws secretsmanager describe-secret --secret-id ${value}`)).toThrow(
        CommandLineError,
      );
  });

  test.each([
    [
      'aws secretsmanager update-secret-version-stage --secret-id a/b --version-stage AWSPENDING --remove-from-version-id v2 --region eu-west-1',
      { SecretId: 'a/b', VersionStage: 'AWSPENDING', RemoveFromVersionId: 'v2' },
    ],
    [
      'aws secretsmanager rotate-secret --secret-id a --no-rotate-immediately',
      { SecretId: 'a', RotateImmediately: false },
    ],
    [
      'aws secretsmanager rotate-secret --rotate-immediately --secret-id a',
      { SecretId: 'a', RotateImmediately: true },
    ],
    [
      'aws secretsmanager rotate-secret --secret-id a --rotation-lambda-arn f --rotation-rules AutomaticallyAfterDays=30,Duration=2h',
      {
        SecretId: 'a',
        RotationLambdaARN: 'f',
        RotationRules: { AutomaticallyAfterDays: 30, Duration: '2h' },
      },
    ],
    [
      `aws secretsmanager rotate-secret --secret-id a --rotation-rules '{"ScheduleExpression":"rate(4 days)"}'`,
      { SecretId: 'a', RotationRules: { ScheduleExpression: 'rate(4 days)' } },
    ],
    [
      'aws secretsmanager delete-secret --secret-id a --recovery-window-in-days 7',
      { SecretId: 'a', RecoveryWindowInDays: 7 },
    ],
    [
      'aws secretsmanager tag-resource --secret-id a --tags Key=x,Value=1 Key=y,Value=2',
      {
        SecretId: 'a',
        Tags: [
          { Key: 'x', Value: '1' },
          { Key: 'y', Value: '2' },
        ],
      },
    ],
    [
      'aws secretsmanager replicate-secret-to-regions --secret-id a --add-replica-regions Region=us-east-1,KmsKeyId=alias/x Region=us-west-2',
      {
        SecretId: 'a',
        AddReplicaRegions: [{ Region: 'us-east-1', KmsKeyId: 'alias/x' }, { Region: 'us-west-2' }],
      },
    ],
    [
      'aws secretsmanager remove-regions-from-replication --secret-id a --remove-replica-regions us-east-1 us-west-2',
      { SecretId: 'a', RemoveReplicaRegions: ['us-east-1', 'us-west-2'] },
    ],
    [
      'aws secretsmanager untag-resource --secret-id a --tag-keys x y',
      { SecretId: 'a', TagKeys: ['x', 'y'] },
    ],
    [
      'aws secretsmanager list-secrets --filters Key=name,Values=a,b --max-results 5 --include-planned-deletion',
      { Filters: [{ Key: 'name', Values: ['a', 'b'] }], MaxResults: 5, IncludePlannedDeletion: true },
    ],
    [
      `aws secretsmanager put-secret-value --secret-id=a --secret-string '{"password":"12"}'`,
      { SecretId: 'a', SecretString: '{"password":"12"}' },
    ],
    ['aws --region eu-west-1 sts get-caller-identity', {}],
    [
      'aws logs filter-log-events --log-group-name /aws/lambda/rotate --start-time 5 --filter-pattern ERROR',
      { logGroupName: '/aws/lambda/rotate', startTime: 5, filterPattern: 'ERROR' },
    ],
    [
      'aws rds modify-db-instance --db-instance-identifier orders --rotate-master-user-password --apply-immediately',
      { DBInstanceIdentifier: 'orders', RotateMasterUserPassword: true, ApplyImmediately: true },
    ],
  ])('reads %s', (line, input) => {
    expect(inputOf(line)).toEqual(input);
  });

  test('keeps the text of any option', () => {
    const texts = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\0'));
    // What begins with a hyphen is an option of its own unless `=` attaches it.
    const apart = texts.filter((text) => !text.startsWith('-'));
    fc.assert(
      fc.property(apart, texts, (secret, token) => {
        const line = `aws secretsmanager rotate-secret --secret-id ${shellQuote(secret)} --client-request-token=${shellQuote(token)}`;
        expect(inputOf(line)).toEqual({ SecretId: secret, ClientRequestToken: token });
      }),
    );
  });

  test.each([
    ['another program', 'rm -rf /'],
    ['no operation', 'aws secretsmanager'],
    ['an option without its value', 'aws secretsmanager describe-secret --secret-id'],
    ['a number that is none', 'aws secretsmanager list-secrets --max-results many'],
    ['JSON that is none', `aws secretsmanager rotate-secret --rotation-rules '{'`],
  ])('refuses %s', (_what, line) => {
    expect(() => parseAwsCommand(line)).toThrow(CommandLineError);
  });
});

describe('runAwsCommand()', () => {
  test('calls the service as the operator', async () => {
    const simulator = aSimulator();
    simulator.secretsManager.seed({ name: 'app/db', kind: 'none' });
    const line = 'aws secretsmanager describe-secret --secret-id app/db --region eu-west-1';
    expect(await runAwsCommand(simulator, line, { uuid })).toMatchObject({
      kind: 'done',
      operation: 'DescribeSecret',
      answer: { Name: 'app/db' },
      functionError: false,
    });
    expect(simulator.callLog.counts('operator')).toEqual({ 'secretsmanager:DescribeSecret': 1 });
  });

  test('finds operations whose names have capitals of their own', async () => {
    const simulator = aSimulator();
    simulator.rds.place({ identifier: 'orders' });
    const outcome = await runAwsCommand(simulator, 'aws rds describe-db-instances', { uuid });
    expect(outcome).toMatchObject({
      kind: 'done',
      operation: 'DescribeDBInstances',
      answer: { DBInstances: [{ DBInstanceIdentifier: 'orders' }] },
    });
  });

  test('puts what another command prints in its place', async () => {
    const simulator = aSimulator();
    simulator.rds.place({ identifier: 'orders' });
    const find = `aws rds describe-db-instances --query 'DBInstances[].DBInstanceIdentifier' --output text`;
    const line = `aws rds modify-db-instance --db-instance-identifier "$(${find})" --apply-immediately`;
    expect(await runAwsCommand(simulator, line, { uuid })).toMatchObject({
      kind: 'done',
      operation: 'ModifyDBInstance',
    });
  });

  test('answers what the CLI prints when the service refuses', async () => {
    const line = 'aws secretsmanager rotate-secret --secret-id nowhere';
    expect(await runAwsCommand(aSimulator(), line, { uuid })).toEqual({
      kind: 'refused',
      operation: 'RotateSecret',
      code: 'ResourceNotFoundException',
      text: "An error occurred (ResourceNotFoundException) when calling the RotateSecret operation: Secrets Manager can't find the specified secret.",
    });
  });

  test('invokes a rotation function, and reports that it failed', async () => {
    const simulator = aSimulator();
    simulator.secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
    const payload = JSON.stringify({ Step: 'testSecret', SecretId: 'nowhere', ClientRequestToken: 'x' });
    const line = `aws lambda invoke --function-name rotate --payload '${payload}' --cli-binary-format raw-in-base64-out /dev/stdout`;
    expect(await runAwsCommand(simulator, line, { uuid })).toMatchObject({
      kind: 'done',
      functionError: true,
    });
  });

  test('changes a function, and finds that in the history', async () => {
    const simulator = aSimulator();
    simulator.secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
    const run = (line: string) => runAwsCommand(simulator, line, { uuid });
    await run(
      'aws lambda put-function-concurrency --function-name rotate --reserved-concurrent-executions 0',
    );
    await run(
      'aws lambda add-permission --function-name rotate --statement-id again --action lambda:InvokeFunction --principal secretsmanager.amazonaws.com --source-account 111122223333',
    );
    await simulator.clock.advance(HOUR);
    const history = 'aws cloudtrail lookup-events --lookup-attributes';
    const found = (event: string) => run(`${history} AttributeKey=EventName,AttributeValue=${event}`);
    for (const event of ['PutFunctionConcurrency20171031', 'AddPermission20150331v2']) {
      expect(await found(event)).toMatchObject({ answer: { Events: [{ EventName: event }] } });
    }
  });

  test('takes a payload as base64 by default', async () => {
    const simulator = aSimulator();
    simulator.functions.register('echo', (event) => event);
    const line = `aws lambda invoke --function-name echo --payload ${btoa('{"a":1}')} out.json`;
    const outcome = await runAwsCommand(simulator, line, { uuid });
    expect(outcome).toMatchObject({ kind: 'done', answer: { Payload: '{"a":1}' } });
  });

  test('takes a payload that a here-string gives as it is', async () => {
    const simulator = aSimulator();
    simulator.functions.register('echo', (event) => event);
    const line = `aws lambda invoke --function-name echo --payload fileb:///dev/stdin out.json <<< '{"a":1}'`;
    const outcome = await runAwsCommand(simulator, line, { uuid });
    expect(outcome).toMatchObject({ kind: 'done', answer: { Payload: '{"a":1}' } });
  });

  test.each([
    'aws logs tail /aws/lambda/rotate --since 3h',
    'aws lambda list-layers',
    `aws ec2 describe-instances --query 'Reservations[?a==\`1\`]'`,
  ])('skips what only reads and is not simulated: %s', async (line) => {
    expect(await runAwsCommand(aSimulator(), line, { uuid })).toMatchObject({ kind: 'skipped' });
  });

  test.each([
    ['what changes something unknown', 'aws ec2 stop-instances --instance-ids x'],
    ['a change in another region', 'aws secretsmanager rotate-secret --secret-id x --region us-east-1'],
    ['words that belong to nothing', 'aws secretsmanager list-secrets extra'],
    [
      'a payload from a file that is not there',
      'aws lambda invoke --function-name x --payload fileb://x out.json',
    ],
    ['an invocation without a file', 'aws lambda invoke --function-name x'],
  ])('refuses %s', async (_what, line) => {
    await expect(runAwsCommand(aSimulator(), line, { uuid })).rejects.toThrow(CommandLineError);
  });
});

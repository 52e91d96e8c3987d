import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { App, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, onTestFinished, test } from 'vitest';
import {
  SecretRotationFunction,
  type SecretRotationFunctionProps,
} from '../../infra/secret-rotation-function.ts';
import { stubHandlers } from '../../infra/templates/monitor-stack.ts';
import { buildRotationFunctions } from '../../scripts/bundle/build-rotation-functions.ts';

const run = promisify(execFile);

const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders/db-AbCdEf';
const MASTER = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:master-AbCdEf';
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
}

interface Policy {
  readonly PolicyDocument: {
    readonly Statement: readonly {
      readonly Sid: string;
      readonly Resource: unknown;
      readonly Condition?: unknown;
    }[];
  };
}

/** A stack with a function in a network, and what its template holds. */
function deployed(changes: (stack: Stack) => Partial<SecretRotationFunctionProps>) {
  const app = new App();
  const env = { account: '111122223333', region: 'eu-west-1' };
  const stack = new Stack(app, 'rotation', { env });
  const made = new SecretRotationFunction(stack, 'Rotation', {
    secret: Secret.fromSecretCompleteArn(stack, 'Secret', SECRET),
    engine: 'mysql',
    functionFolder: stubHandlers(),
    ...changes(stack),
  });
  const resources = () =>
    Object.values(
      (app.synth().getStackByName('rotation').template as { Resources: Record<string, Resource> }).Resources,
    );
  const ofType = (type: string) => resources().filter(({ Type }) => Type === type);
  return { app, stack, made, ofType };
}

const inNetwork = (stack: Stack): Partial<SecretRotationFunctionProps> => ({
  engine: 'postgres',
  strategy: 'alternating-users',
  masterSecret: Secret.fromSecretCompleteArn(stack, 'Master', MASTER),
  encryptionKey: Key.fromKeyArn(stack, 'Key', KEY),
  automaticallyAfter: Duration.days(30),
  vpc: Vpc.fromVpcAttributes(stack, 'Network', {
    vpcId: 'vpc-1',
    availabilityZones: ['eu-west-1a'],
    privateSubnetIds: ['subnet-1'],
    privateSubnetRouteTableIds: ['rtb-1'],
  }),
});

test('cdk-nag AwsSolutions has no finding that is not acknowledged', () => {
  const { app } = deployed(inNetwork);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  expect(() => app.synth()).not.toThrow();
});

test('the role may rotate this secret, read the master secret, use their key, and nothing else', () => {
  const [role] = deployed(inNetwork).ofType('AWS::IAM::Role');
  const policies = (role?.Properties['Policies'] ?? []) as readonly Policy[];
  const statements = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  const bySid = Object.fromEntries(statements.map((statement) => [statement.Sid, statement]));
  expect(Object.keys(bySid).sort()).toEqual([
    'JoinNetwork',
    'ReadMasterSecret',
    'RotateSecret',
    'UseKeyOfSecrets',
    'WriteLog',
  ]);
  expect(bySid['RotateSecret']?.Resource).toBe(SECRET);
  expect(bySid['ReadMasterSecret']?.Resource).toBe(MASTER);
  expect(bySid['UseKeyOfSecrets']).toMatchObject({
    Resource: KEY,
    Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' } },
  });
  expect(role?.Properties['ManagedPolicyArns']).toBeUndefined();
});

test('Secrets Manager of the account alone invokes the function, before the schedule exists', () => {
  const { ofType } = deployed(inNetwork);
  const [permission] = ofType('AWS::Lambda::Permission');
  expect(permission?.Properties).toMatchObject({
    Principal: 'secretsmanager.amazonaws.com',
    SourceAccount: '111122223333',
  });
  const [schedule] = ofType('AWS::SecretsManager::RotationSchedule');
  expect(schedule?.Properties).toMatchObject({
    SecretId: SECRET,
    RotationRules: { AutomaticallyAfterDays: 30 },
  });
  expect(schedule?.DependsOn?.some((id) => id.includes('Admission'))).toBe(true);
});

test('the function runs in the network with a group that the database can admit', () => {
  const { stack, made, ofType } = deployed(inNetwork);
  const database = SecurityGroup.fromSecurityGroupId(stack, 'Database', 'sg-1');
  database.connections.allowFrom(made, Port.tcp(5432));
  expect(ofType('AWS::EC2::SecurityGroup')).toHaveLength(1);
  expect(ofType('AWS::EC2::SecurityGroupIngress')[0]?.Properties).toMatchObject({
    GroupId: 'sg-1',
    FromPort: 5432,
  });
  expect(ofType('AWS::Lambda::Function')[0]?.Properties).toMatchObject({
    Handler: 'postgres.handler',
    Runtime: 'nodejs24.x',
    VpcConfig: { SubnetIds: ['subnet-1'] },
    Environment: { Variables: { ROTATION_STRATEGY: 'alternating-users' } },
  });
  expect(ofType('AWS::Logs::LogGroup')[0]?.Properties).toMatchObject({ RetentionInDays: 90 });
});

test('alternating users need a master secret, and a function outside a network needs no group', () => {
  expect(() => deployed(() => ({ strategy: 'alternating-users' }))).toThrow('no masterSecret');
  const { ofType } = deployed(() => ({}));
  expect(ofType('AWS::EC2::SecurityGroup')).toEqual([]);
  expect(ofType('AWS::SecretsManager::RotationSchedule')).toEqual([]);
  expect(JSON.stringify(ofType('AWS::IAM::Role'))).not.toContain('ec2:');
});

test('the bundles load in an empty folder, and handle steps', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rotation-functions-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await buildRotationFunctions(folder);
  for (const engine of ['mysql', 'postgres']) {
    const program = `import { handler } from './${engine}.mjs';
      await handler({ Step: 'other', SecretId: 'a', ClientRequestToken: 'b' }).catch(({ name }) => console.log(name));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd: folder });
    expect(stdout.trim()).toBe('RotationError');
  }
  expect((await readdir(folder)).filter((file) => !file.endsWith('.map')).sort()).toEqual([
    'mysql.mjs',
    'postgres.mjs',
  ]);
});

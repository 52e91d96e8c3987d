import { type Duration, RemovalPolicy, Stack, Duration as Time } from 'aws-cdk-lib';
import {
  Connections,
  type IConnectable,
  type ISecurityGroup,
  type IVpc,
  SecurityGroup,
  type SubnetSelection,
} from 'aws-cdk-lib/aws-ec2';
import { PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  CfnPermission,
  Code,
  Function as LambdaFunction,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnRotationSchedule, type ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { allow, writeLog } from './permissions/permissions.ts';
import { acknowledgeWildcards } from './permissions/wildcards.ts';
import { rotationFunctionFolder } from './props/handler-folder.ts';

/** Properties of a {@link SecretRotationFunction}. */
export interface SecretRotationFunctionProps {
  /** The secret that is rotated, in the form of AWS's database secrets. */
  readonly secret: ISecret;
  /** The database whose user it is; `mysql` is MariaDB, too. */
  readonly engine: 'mysql' | 'postgres';
  /**
   * Two users take turns where nobody may be refused for a moment.
   *
   * @default 'single-user'
   */
  readonly strategy?: 'single-user' | 'alternating-users';
  /**
   * The secret of a user that may create users: the secret names it as `masterarn`.
   *
   * @default - none, as a single user needs none
   */
  readonly masterSecret?: ISecret;
  /**
   * MySQL 8.0.14 and later accept the old password until the next rotation.
   *
   * @default false
   */
  readonly retainCurrentPassword?: boolean;
  /**
   * Interval of the secret's rotations.
   *
   * @default - nothing rotates it until a rotation schedule names the function
   */
  readonly automaticallyAfter?: Duration;
  /**
   * The network of the database.
   *
   * @default - the function runs outside any network of yours
   */
  readonly vpc?: IVpc;
  /** @default - the private subnets of the network */
  readonly vpcSubnets?: SubnetSelection;
  /** @default - one of its own, which the database has to let in */
  readonly securityGroup?: ISecurityGroup;
  /**
   * The key of the secret and of the master secret.
   *
   * @default - the keys that the secrets name
   */
  readonly encryptionKey?: IKey;
  /**
   * Encrypts the log, and has to let CloudWatch Logs in.
   *
   * @default - a key of CloudWatch Logs
   */
  readonly logEncryptionKey?: IKey;
  /** @default RetentionDays.THREE_MONTHS */
  readonly logRetention?: RetentionDays;
  /**
   * Folder with the bundles of rotation functions.
   *
   * @default - the one of this package
   */
  readonly functionFolder?: string;
}

/** Longest time of one step: a database that does not answer is given up after five seconds. */
const TIMEOUT = Time.seconds(60);

/** A rotation function for MySQL, MariaDB or PostgreSQL, allowed to rotate one secret and nothing else. */
export class SecretRotationFunction extends Construct implements IConnectable {
  readonly function: LambdaFunction;
  readonly logGroup: LogGroup;
  /** Lets databases admit the function; without rules where it runs outside any network. */
  readonly connections: Connections;

  constructor(scope: Construct, id: string, props: SecretRotationFunctionProps) {
    super(scope, id);
    if (props.strategy === 'alternating-users' && props.masterSecret === undefined)
      throw new Error('Cannot rotate with alternating users as no masterSecret is given');
    const { logEncryptionKey, logRetention = RetentionDays.THREE_MONTHS } = props;
    this.logGroup = new LogGroup(this, 'Log', {
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(logEncryptionKey !== undefined && { encryptionKey: logEncryptionKey }),
    });
    const groups = this.#securityGroups(props);
    this.connections = new Connections({ securityGroups: groups });
    this.function = this.#defineFunction(props, groups);
    this.#schedule(props, this.#admitSecretsManager());
  }

  #securityGroups({ vpc, securityGroup }: SecretRotationFunctionProps): ISecurityGroup[] {
    if (vpc === undefined) return [];
    const description = 'Rotation function: it reaches its database and Secrets Manager';
    return [securityGroup ?? new SecurityGroup(this, 'SecurityGroup', { vpc, description })];
  }

  #defineFunction(props: SecretRotationFunctionProps, groups: ISecurityGroup[]): LambdaFunction {
    const {
      secret,
      engine,
      strategy = 'single-user',
      retainCurrentPassword = false,
      vpc,
      vpcSubnets,
    } = props;
    return new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(props.functionFolder ?? rotationFunctionFolder()),
      handler: `${engine}.handler`,
      description: `Rotates ${secret.secretName}`,
      environment: {
        ROTATION_STRATEGY: strategy,
        ROTATION_RETAIN_CURRENT_PASSWORD: String(retainCurrentPassword),
        // The authorities of RDS: https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
        NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem',
      },
      memorySize: 256,
      timeout: TIMEOUT,
      role: this.#defineRole(props).withoutPolicyUpdates(),
      logGroup: this.logGroup,
      ...(vpc !== undefined && {
        vpc,
        securityGroups: groups,
        ...(vpcSubnets !== undefined && { vpcSubnets }),
      }),
    });
  }

  #defineRole({ secret, masterSecret, encryptionKey, vpc }: SecretRotationFunctionProps): Role {
    const secrets = [secret, ...(masterSecret === undefined ? [] : [masterSecret])];
    const keys = secrets.map((each) => encryptionKey ?? each.encryptionKey);
    const statements = [
      writeLog(this.logGroup),
      allow(
        'RotateSecret',
        ['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'].map(
          (action) => `secretsmanager:${action}`,
        ),
        { resources: [secret.secretArn] },
      ),
      ...(masterSecret === undefined
        ? []
        : [
            allow('ReadMasterSecret', ['secretsmanager:GetSecretValue'], {
              resources: [masterSecret.secretArn],
            }),
          ]),
      ...useKeys(Stack.of(this), keys),
      ...(vpc === undefined ? [] : [joinNetwork()]),
    ];
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { Calls: new PolicyDocument({ statements }) },
    });
    acknowledgeWildcards(role, statements);
    return role;
  }

  /** Secrets Manager of this account alone: https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html */
  #admitSecretsManager(): CfnPermission {
    return new CfnPermission(this, 'Admission', {
      action: 'lambda:InvokeFunction',
      functionName: this.function.functionArn,
      principal: 'secretsmanager.amazonaws.com',
      sourceAccount: Stack.of(this).account,
    });
  }

  #schedule({ secret, automaticallyAfter }: SecretRotationFunctionProps, admission: CfnPermission): void {
    if (automaticallyAfter === undefined) return;
    const schedule = new CfnRotationSchedule(this, 'Schedule', {
      secretId: secret.secretArn,
      rotationLambdaArn: this.function.functionArn,
      rotationRules: { automaticallyAfterDays: automaticallyAfter.toDays() },
    });
    schedule.addResourceDependency(admission);
    // The first rotation may begin at once.
    schedule.node.addDependency(this.function);
  }
}

/** Allows using keys through Secrets Manager alone. */
function useKeys({ region }: Stack, keys: readonly (IKey | undefined)[]): readonly PolicyStatement[] {
  const resources = [...new Set(keys.flatMap((key) => (key === undefined ? [] : [key.keyArn])))];
  if (resources.length === 0) return [];
  const conditions = { StringEquals: { 'kms:ViaService': `secretsmanager.${region}.amazonaws.com` } };
  return [allow('UseKeyOfSecrets', ['kms:Decrypt', 'kms:GenerateDataKey'], { resources, conditions })];
}

/**
 * Allows Lambda to reach a network with the role: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
const joinNetwork = (): PolicyStatement =>
  allow(
    'JoinNetwork',
    [
      'CreateNetworkInterface',
      'DescribeNetworkInterfaces',
      'DescribeSubnets',
      'DeleteNetworkInterface',
      'AssignPrivateIpAddresses',
      'UnassignPrivateIpAddresses',
    ].map((action) => `ec2:${action}`),
    { resources: ['*'] },
  );

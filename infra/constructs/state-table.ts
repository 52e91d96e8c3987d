import { RemovalPolicy, Stack, Token, Validations } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import {
  leaseTableDefinition,
  OPEN_INDEX,
  tableDefinition,
  UNDELIVERED_INDEX,
} from '../../src/monitor/adapters/dynamodb/table.ts';
import { keptOnceMade } from './encryption-key.ts';

/** Properties of a {@link StateTable}. */
export interface StateTableProps {
  readonly encryptionKey: IKey;
  readonly removalPolicy: RemovalPolicy;
}

/** Table of the monitor's state: keys and indexes as the store defines them, expiry, point-in-time recovery. */
export class StateTable extends Construct {
  readonly tableName: string;
  readonly tableArn: string;
  readonly openIndexArn: string;
  readonly undeliveredIndexArn: string;

  constructor(scope: Construct, id: string, { encryptionKey, removalPolicy }: StateTableProps) {
    super(scope, id);
    const table = new CfnTable(this, 'Table', {
      ...schema(tableDefinition('any')),
      timeToLiveSpecification: { attributeName: 'expiresAt', enabled: true },
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      sseSpecification: { sseEnabled: true, sseType: 'KMS', kmsMasterKeyId: encryptionKey.keyArn },
    });
    table.applyRemovalPolicy(keptOnceMade(removalPolicy));
    this.tableName = table.ref;
    this.tableArn = table.attrArn;
    this.openIndexArn = `${table.attrArn}/index/${OPEN_INDEX}`;
    this.undeliveredIndexArn = `${table.attrArn}/index/${UNDELIVERED_INDEX}`;
  }
}

/**
 * Table of leases, written by applications with the key that AWS owns, so that a lease costs no use of the monitor's
 * key. Every lease is written again within minutes: there is nothing to restore.
 */
export class LeaseTable extends Construct {
  readonly tableName: string;
  readonly tableArn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const table = new CfnTable(this, 'Table', {
      ...schema(leaseTableDefinition('any')),
      timeToLiveSpecification: { attributeName: 'expiresAt', enabled: true },
    });
    table.applyRemovalPolicy(RemovalPolicy.DESTROY);
    Validations.of(table).acknowledge({
      id: 'AwsSolutions-DDB3',
      reason: 'Consumers write their leases again within minutes: there is nothing to restore.',
    });
    this.tableName = table.ref;
    this.tableArn = table.attrArn;
  }

  /**
   * Lets a role write leases about one secret, and nothing else: the partition key of a lease is the ARN of its secret.
   * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
   */
  grantTo(grantee: IGrantable, secret: ISecret): Grant {
    this.#mustBeOwn(grantee);
    const { secretFullArn } = secret;
    if (secretFullArn === undefined)
      throw new Error(
        `Cannot grant a lease of "${secret.node.path}": its ARN lacks the six characters at its end, and a lease is found by the full one; use Secret.fromSecretCompleteArn`,
      );
    const granted = Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:PutItem', 'dynamodb:DeleteItem'],
      resourceArns: [this.tableArn],
      conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [secretFullArn] } },
    });
    granted.assertSuccess();
    return granted;
  }

  /** A policy of the role alone lets no role of another account in. */
  #mustBeOwn(grantee: IGrantable): void {
    const { account, region } = Stack.of(this);
    const { principalAccount = account } = grantee.grantPrincipal;
    const principalRegion = Construct.isConstruct(grantee) ? Stack.of(grantee).region : region;
    if (differ(account, principalAccount) || differ(region, principalRegion))
      throw new Error(
        `Cannot grant a lease to a role of ${principalAccount} in ${principalRegion}: the table is in ${account} in ${region}; make a role in this stack that the application may assume`,
      );
  }
}

/** Places that are known only when they are deployed to may be the same. */
const differ = (one: string, other: string): boolean =>
  one !== other && !Token.isUnresolved(one) && !Token.isUnresolved(other);

type Definition = ReturnType<typeof tableDefinition>;

/** A definition in CloudFormation's spelling. */
function schema({ BillingMode, KeySchema, AttributeDefinitions, GlobalSecondaryIndexes }: Definition) {
  return {
    billingMode: BillingMode ?? '',
    keySchema: keys(KeySchema),
    attributeDefinitions: (AttributeDefinitions ?? []).map(({ AttributeName, AttributeType }) => ({
      attributeName: AttributeName ?? '',
      attributeType: AttributeType ?? '',
    })),
    ...(GlobalSecondaryIndexes === undefined
      ? {}
      : { globalSecondaryIndexes: indexes(GlobalSecondaryIndexes) }),
  };
}

const indexes = (definitions: NonNullable<Definition['GlobalSecondaryIndexes']>) =>
  definitions.map(({ IndexName, KeySchema, Projection }) => ({
    indexName: IndexName ?? '',
    keySchema: keys(KeySchema),
    projection: { projectionType: Projection?.ProjectionType ?? '' },
  }));

const keys = (schema: Definition['KeySchema'] = []) =>
  schema.map(({ AttributeName, KeyType }) => ({
    attributeName: AttributeName ?? '',
    keyType: KeyType ?? '',
  }));

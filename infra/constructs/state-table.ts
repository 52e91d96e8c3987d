import type { RemovalPolicy } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { OPEN_INDEX, tableDefinition, UNDELIVERED_INDEX } from '../../src/monitor/adapters/dynamodb/table.ts';

/** Properties of a {@link StateTable}. */
export interface StateTableProps {
  readonly encryptionKey: IKey;
  readonly removalPolicy: RemovalPolicy;
}

/** What the monitor remembers: keys and indexes as the store defines them, expiry, point-in-time recovery. */
export class StateTable extends Construct {
  readonly tableName: string;
  readonly tableArn: string;
  readonly openIndexArn: string;
  readonly undeliveredIndexArn: string;

  constructor(scope: Construct, id: string, { encryptionKey, removalPolicy }: StateTableProps) {
    super(scope, id);
    const table = new CfnTable(this, 'Table', {
      ...schema(),
      timeToLiveSpecification: { attributeName: 'expiresAt', enabled: true },
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      sseSpecification: { sseEnabled: true, sseType: 'KMS', kmsMasterKeyId: encryptionKey.keyArn },
    });
    table.applyRemovalPolicy(removalPolicy);
    this.tableName = table.ref;
    this.tableArn = table.attrArn;
    this.openIndexArn = `${table.attrArn}/index/${OPEN_INDEX}`;
    this.undeliveredIndexArn = `${table.attrArn}/index/${UNDELIVERED_INDEX}`;
  }
}

/** The definition of the store in CloudFormation's spelling. */
function schema() {
  const { BillingMode, KeySchema, AttributeDefinitions, GlobalSecondaryIndexes } = tableDefinition('any');
  return {
    billingMode: BillingMode ?? '',
    keySchema: keys(KeySchema),
    attributeDefinitions: (AttributeDefinitions ?? []).map(({ AttributeName, AttributeType }) => ({
      attributeName: AttributeName ?? '',
      attributeType: AttributeType ?? '',
    })),
    globalSecondaryIndexes: (GlobalSecondaryIndexes ?? []).map(({ IndexName, KeySchema, Projection }) => ({
      indexName: IndexName ?? '',
      keySchema: keys(KeySchema),
      projection: { projectionType: Projection?.ProjectionType ?? '' },
    })),
  };
}

const keys = (schema: ReturnType<typeof tableDefinition>['KeySchema'] = []) =>
  schema.map(({ AttributeName, KeyType }) => ({
    attributeName: AttributeName ?? '',
    keyType: KeyType ?? '',
  }));

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbAlertStore } from '../../adapters/dynamodb/dynamodb-alert-store.ts';
import { dynamodbMoveStore } from '../../adapters/dynamodb/dynamodb-move-store.ts';
import type { Service } from '../../application/service.ts';
import type { Joints } from '../joints/joints.ts';

/** What was seen and told. */
export function table({ config, sdk }: Joints): Pick<Service, 'store' | 'moves'> {
  const client = new DynamoDBClient(sdk);
  return {
    store: dynamodbAlertStore(client, config.tableName),
    moves: dynamodbMoveStore(client, config.tableName),
  };
}

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbAlertStore } from '../../adapters/dynamodb/dynamodb-alert-store.ts';
import type { Service } from '../../application/service.ts';
import type { Joints } from '../joints/joints.ts';

/** What was seen and told. */
export const table = ({ config, sdk }: Joints): Pick<Service, 'store'> => ({
  store: dynamodbAlertStore(new DynamoDBClient(sdk), config.tableName),
});

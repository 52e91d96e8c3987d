import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbLeaseStore } from '../../adapters/dynamodb/dynamodb-lease-store.ts';
import type { Service } from '../../application/service.ts';
import type { Joints } from '../joints/joints.ts';

/** What consumers say about themselves; nothing where they have no table to say it in. */
export const leases = ({ config, sdk }: Joints): Pick<Service, 'leaseStore'> => ({
  leaseStore:
    config.leaseTableName === undefined
      ? { leases: async () => [] }
      : dynamodbLeaseStore(new DynamoDBClient(sdk), config.leaseTableName),
});

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbLeaseStore } from '../../adapters/dynamodb/dynamodb-lease-store.ts';
import type { Service } from '../../application/service.ts';
import type { Joints } from '../joints/joints.ts';

/** Makes the store of leases; an empty one where no table is set for them. */
export const leases = ({ config, sdk }: Joints): Pick<Service, 'leaseStore'> => ({
  leaseStore:
    config.leaseTableName === undefined
      ? { leases: async () => [] }
      : dynamodbLeaseStore(new DynamoDBClient(sdk), config.leaseTableName),
});

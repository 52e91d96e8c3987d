import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbAlertStore } from '../../adapters/dynamodb/dynamodb-alert-store.ts';
import { dynamodbHistoryStore } from '../../adapters/dynamodb/dynamodb-history-store.ts';
import { dynamodbMoveStore } from '../../adapters/dynamodb/dynamodb-move-store.ts';
import type { Service } from '../../application/service.ts';
import type { Joints } from '../joints/joints.ts';
import { basics } from './basics.ts';

/** Makes the stores of observations, alerts and moves. */
export function table(joints: Joints): Pick<Service, 'store' | 'moves' | 'changes'> {
  const { config, sdk } = joints;
  const { clock, log, metrics } = basics(joints);
  const onUnreadable = (kind: string): void => {
    log({ level: 'warn', message: 'Left out an item that cannot be read', details: { kind } });
    // A count that is lost stops nothing.
    void metrics.record([{ name: 'ItemsUnreadable', value: 1 }], clock.now()).catch(() => undefined);
  };
  const client = new DynamoDBClient(sdk);
  return {
    store: dynamodbAlertStore(client, config.tableName, onUnreadable, clock),
    changes: dynamodbHistoryStore(client, config.tableName, onUnreadable),
    moves: dynamodbMoveStore(client, config.tableName, { clock, onUnreadable }),
  };
}

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe } from 'vitest';
import { dynamodbAlertStore } from '../../src/monitor/adapters/dynamodb/dynamodb-alert-store.ts';
import { tableDefinition } from '../../src/monitor/adapters/dynamodb/table.ts';
import { memoryAlertStore } from '../../src/monitor/adapters/memory/memory-alert-store.ts';
import { aSimulator, sdk } from '../support/simulated.ts';
import { alertStoreContract } from './alert-store.suite.ts';

describe('memoryAlertStore', () => {
  alertStoreContract(async () => memoryAlertStore());
});

describe('dynamodbAlertStore', () => {
  alertStoreContract(async () => {
    const simulator = aSimulator();
    await simulator.call('dynamodb', 'CreateTable', { ...tableDefinition('rotation-monitor') }, 'deployer');
    return dynamodbAlertStore(new DynamoDBClient(sdk(simulator)), 'rotation-monitor');
  });
});

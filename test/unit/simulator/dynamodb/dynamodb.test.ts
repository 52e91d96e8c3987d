import { createRequire } from 'node:module';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, test, vi } from 'vitest';
import { clientOf, openAccount } from '../open-account.ts';

const TableName = 'alerts';
const S = (text: string) => ({ S: text });

async function openTable() {
  const account = openAccount();
  const db = new DynamoDBClient(clientOf(account));
  await db.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'open'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S' as const,
      })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'open',
          KeySchema: [{ AttributeName: 'open', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
  return { account, db };
}

test('a table can be used as soon as CreateTable has answered', async () => {
  const { account, db } = await openTable();
  const { Table } = await db.send(new DescribeTableCommand({ TableName }));
  expect(Table?.TableStatus).toBe('ACTIVE');
  expect(Table?.TableArn).toBe('arn:aws:dynamodb:eu-west-1:111122223333:table/alerts');
  expect(Table?.CreationDateTime).toBeInstanceOf(Date);
  await account.close();
});

test('items are written, read, updated and queried by a sparse index', async () => {
  const { account, db } = await openTable();
  const Key = { pk: S('a'), sk: S('state') };
  await db.send(new PutItemCommand({ TableName, Item: { ...Key, open: S('yes'), revision: { N: '1' } } }));
  await db.send(new PutItemCommand({ TableName, Item: { pk: S('b'), sk: S('state') } }));
  await db.send(
    new UpdateItemCommand({
      TableName,
      Key,
      UpdateExpression: 'SET revision = revision + :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    }),
  );
  const { Item } = await db.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  expect(Item).toEqual({ ...Key, open: S('yes'), revision: { N: '2' } });
  const { Items } = await db.send(
    new QueryCommand({
      TableName,
      IndexName: 'open',
      KeyConditionExpression: '#open = :yes',
      ExpressionAttributeNames: { '#open': 'open' },
      ExpressionAttributeValues: { ':yes': S('yes') },
    }),
  );
  expect(Items).toHaveLength(1);
  expect(account.callLog.counts('tester')).toEqual({
    'dynamodb:CreateTable': 1,
    'dynamodb:PutItem': 2,
    'dynamodb:UpdateItem': 1,
    'dynamodb:GetItem': 1,
    'dynamodb:Query': 1,
  });
  await account.close();
});

test('a condition that fails is an error of its own, and is logged', async () => {
  const { account, db } = await openTable();
  const put = () =>
    db.send(
      new PutItemCommand({
        TableName,
        Item: { pk: S('a'), sk: S('state') },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
  await put();
  await expect(put()).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    message: 'The conditional request failed',
  });
  expect(account.callLog.failures()).toEqual({ 'dynamodb:PutItem:ConditionalCheckFailedException': 1 });
  await account.close();
});

test('an unknown table is not found, and bad input is refused', async () => {
  const { account, db } = await openTable();
  const Key = { pk: S('a'), sk: S('b') };
  await expect(db.send(new GetItemCommand({ TableName: 'none', Key }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await expect(db.send(new GetItemCommand({ TableName, Key: { pk: S('a') } }))).rejects.toMatchObject({
    name: 'ValidationException',
  });
  await expect(account.call('dynamodb', 'GetItem', { TableName: 5 }, 'r')).rejects.toMatchObject({
    code: 'SerializationException',
  });
  await account.close();
});

test('a query leaves nothing open', async () => {
  const require = createRequire(import.meta.url);
  const { AbstractValueIterator } = createRequire(require.resolve('dynalite'))('abstract-level');
  const close = vi.spyOn(AbstractValueIterator.prototype, 'close');
  const { account, db } = await openTable();
  await db.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': S('a') },
    }),
  );
  expect(close).toHaveBeenCalledOnce();
  await account.close();
});

test('transactions are not spoken', async () => {
  const { account, db } = await openTable();
  await expect(db.send(new TransactWriteItemsCommand({ TransactItems: [] }))).rejects.toMatchObject({
    name: 'UnknownOperationException',
  });
  await account.close();
});

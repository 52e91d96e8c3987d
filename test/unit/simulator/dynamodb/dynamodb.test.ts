import {
  type AttributeValue,
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
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

const openOnes = (db: DynamoDBClient) =>
  db.send(
    new QueryCommand({
      TableName,
      IndexName: 'open',
      KeyConditionExpression: '#open = :yes',
      ExpressionAttributeNames: { '#open': 'open' },
      ExpressionAttributeValues: { ':yes': S('yes') },
    }),
  );

test('indexes may show what was there a moment ago, in the order of the changes', async () => {
  const { account, db } = await openTable();
  const { clock } = account;
  const put = (open: boolean) =>
    db.send(
      new PutItemCommand({
        TableName,
        Item: { pk: S('a'), sk: S('state'), ...(open ? { open: S('yes') } : {}) },
      }),
    );
  account.dynamoDb.lagIndexes(() => 2_000);
  await put(true);
  expect((await openOnes(db)).Count).toBe(0);
  account.dynamoDb.lagIndexes(() => 0);
  await put(false);
  expect((await openOnes(db)).Count).toBe(0);
  await clock.advance(2_000);
  expect((await openOnes(db)).Count).toBe(0);
  account.dynamoDb.lagIndexes(() => 2_000);
  await put(true);
  await clock.advance(1_999);
  expect((await openOnes(db)).Count).toBe(0);
  await clock.advance(1);
  expect((await openOnes(db)).Count).toBe(1);
  await account.close();
});

test('items end days after their time to live, in indexes too', async () => {
  const { account, db } = await openTable();
  const { clock } = account;
  const TimeToLiveSpecification = { AttributeName: 'expiresAt', Enabled: true };
  const Item = { pk: S('a'), sk: S('lease'), open: S('yes') };
  const seconds = Math.floor(clock.now() / 1000);
  await db.send(new PutItemCommand({ TableName, Item: { ...Item, expiresAt: { N: String(seconds + 60) } } }));
  await db.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
  const there = async () =>
    (await db.send(new GetItemCommand({ TableName, Key: { pk: S('a'), sk: S('lease') } }))).Item !==
    undefined;
  await clock.advance(24 * 3_600_000);
  expect(await there()).toBe(true);
  await clock.advance(25 * 3_600_000);
  expect(await there()).toBe(false);
  expect((await openOnes(db)).Count).toBe(0);
  await account.close();
});

test('a page ends with the item before which 1 MB is full', async () => {
  const { account, db } = await openTable();
  const sizes = ['1', '2', '3', '4'];
  for (const sk of sizes) {
    await db.send(
      new PutItemCommand({ TableName, Item: { pk: S('a'), sk: S(sk), text: S('x'.repeat(390_000)) } }),
    );
  }
  const query = {
    TableName,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': S('a') },
  };
  const { Items, LastEvaluatedKey } = await db.send(new QueryCommand(query));
  expect(Items).toHaveLength(2);
  const rest = await db.send(new QueryCommand({ ...query, ExclusiveStartKey: LastEvaluatedKey }));
  expect(rest.Items?.map(({ sk }) => sk)).toEqual([S('3'), S('4')]);
  await account.close();
});

test('sort keys stand in the order of their bytes', async () => {
  const { account, db } = await openTable();
  // In UTF-16 the last two stand the other way round.
  const inOrder = ['Z', 'a', 'é', '\uffee', '\u{1f511}'];
  for (const sk of inOrder.toReversed()) {
    await db.send(new PutItemCommand({ TableName, Item: { pk: S('a'), sk: S(sk) } }));
  }
  const { Items } = await db.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': S('a') },
    }),
  );
  expect(Items?.map(({ sk }) => sk?.S)).toEqual(inOrder);
  await account.close();
});

test('a scan meets every item once, page by page', async () => {
  const { account, db } = await openTable();
  const names = Array.from({ length: 25 }, (_, at) => `secret-${at}`);
  for (const pk of names)
    await db.send(new PutItemCommand({ TableName, Item: { pk: S(pk), sk: S('state') } }));
  const found: (string | undefined)[] = [];
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const page = await db.send(new ScanCommand({ TableName, Limit: 4, ExclusiveStartKey }));
    found.push(...(page.Items ?? []).map(({ pk }) => pk?.S));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  expect(found.toSorted()).toEqual(names.toSorted());
  expect(found).not.toEqual(names);
  await account.close();
});

test('what is not played is refused by its name', async () => {
  const { account, db } = await openTable();
  const old = { TableName, Key: { pk: S('a'), sk: S('b') }, AttributesToGet: ['x'] };
  await expect(db.send(new GetItemCommand(old))).rejects.toThrow('AttributesToGet');
  await expect(
    db.send(
      new CreateTableCommand({
        TableName: 'local',
        LocalSecondaryIndexes: [],
        KeySchema: [],
        AttributeDefinitions: [],
      }),
    ),
  ).rejects.toThrow('LocalSecondaryIndexes');
  await account.close();
});

test('transactions are not spoken', async () => {
  const { account, db } = await openTable();
  await expect(db.send(new TransactWriteItemsCommand({ TransactItems: [] }))).rejects.toMatchObject({
    name: 'UnknownOperationException',
  });
  await account.close();
});

import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { STSClient } from '@aws-sdk/client-sts';
import { App, Stack } from 'aws-cdk-lib';
import { ArnPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { expect, test } from 'vitest';
import { RotationMonitor } from '../../infra/rotation-monitor.ts';
import { everyPart, stubHandlers } from '../../infra/templates/monitor-stack.ts';
import { dynamodbLeaseStore } from '../../src/monitor/adapters/dynamodb/dynamodb-lease-store.ts';
import { assumedRole } from '../../src/monitor/adapters/sts/assumed-role.ts';
import { deployTemplate } from '../../src/proving/player/deploy-template.ts';
import { ofType, PLACE } from '../../src/proving/player/deployed-resources.ts';
import { CURRENT, NOW } from '../support/builders.ts';
import { CENTRAL, MEMBER, openOrganization } from '../support/organization.ts';
import { named } from '../support/secrets.ts';
import { sdk } from '../support/simulated.ts';
import { deployedResources } from '../support/template/deployed-resources.ts';

const OWN = named('prod/orders').arn;
const OTHER = named('prod/stock').arn;
const ROLE = 'orders-lease';
const TYPES = ['AWS::DynamoDB::Table', 'AWS::IAM::Role', 'AWS::IAM::Policy'];

/** A monitor whose leases of one secret an application of a member may write, through a role made for it. */
function aTemplate() {
  const stack = new Stack(new App(), 'rotation-monitor', { env: CENTRAL });
  const monitor = new RotationMonitor(stack, 'Monitor', {
    ...everyPart(stack),
    handlerFolder: stubHandlers(),
  });
  const assumedBy = new ArnPrincipal(`arn:aws:iam::${MEMBER.account}:role/orders`);
  const role = new Role(stack, 'OrdersLease', { roleName: ROLE, assumedBy });
  monitor.grantLease(role, Secret.fromSecretCompleteArn(stack, 'Orders', OWN));
  return deployedResources(stack, { ...PLACE, ...CENTRAL });
}

/** The deployed tables and policies, and the application. */
async function aWriter() {
  const organization = openOrganization();
  const central = organization.at(CENTRAL);
  const resources = aTemplate().filter(({ type }) => TYPES.includes(type));
  const { refused } = await deployTemplate(central, resources);
  const [state = '', leases = ''] = ofType(resources, 'AWS::DynamoDB::Table').map(({ id }) => id);
  const sts = new STSClient(sdk(organization.at(MEMBER), 'orders'));
  const credentials = assumedRole(
    sts,
    {
      roleArn: `arn:aws:iam::${CENTRAL.account}:role/${ROLE}`,
      externalId: undefined,
      sessionName: 'orders-7',
    },
    organization.clock,
  );
  const writer = new DynamoDBClient({ ...sdk(organization.at(MEMBER), 'orders'), credentials });
  const store = dynamodbLeaseStore(new DynamoDBClient(sdk(central, 'auditor')), leases);
  return { writer, state, leases, refused, store };
}

const key = (pk: string, sk = 'lease#orders-7') => ({ pk: { S: pk }, sk: { S: sk } });
const lease = (pk: string) => ({
  ...key(pk),
  expiresAt: { N: String(NOW / 1000 + 60) },
  confirmedVersionId: { S: CURRENT },
  confirmedAt: { N: String(NOW) },
});
const equals = (pk: string) => ({
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': { S: pk } },
});

test('the writer of a lease writes and deletes it, through a role made for it', async () => {
  const { writer, leases, store } = await aWriter();
  await writer.send(new PutItemCommand({ TableName: leases, Item: lease(OWN) }));
  expect(await store.leases(OWN)).toMatchObject([{ consumer: 'orders-7', confirmedVersionId: CURRENT }]);
  await writer.send(new DeleteItemCommand({ TableName: leases, Key: key(OWN) }));
  expect(await store.leases(OWN)).toEqual([]);
});

test('nothing else is open to it: no other secret, no reading, and nothing that the monitor remembers', async () => {
  const { writer, state, leases, refused } = await aWriter();
  const others = [OTHER, `${OWN}x`, OWN.slice(0, -1), 'lease#sweep', 'target#111122223333#eu-west-1'];
  const attempts = [
    ...others.flatMap((pk) => [
      new PutItemCommand({ TableName: leases, Item: lease(pk) }),
      new DeleteItemCommand({ TableName: leases, Key: key(pk) }),
    ]),
    ...[OWN, ...others].flatMap((pk) => [
      new PutItemCommand({ TableName: state, Item: { ...key(pk, 'state'), body: { S: '{}' } } }),
      new DeleteItemCommand({ TableName: state, Key: key(pk, 'state') }),
    ]),
    ...[leases, state].flatMap((TableName) => [
      new GetItemCommand({ TableName, Key: key(OWN) }),
      new QueryCommand({ TableName, ...equals(OWN) }),
      new ScanCommand({ TableName }),
      new UpdateItemCommand({ TableName, Key: key(OWN) }),
      new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item: lease(OWN) } }] } }),
    ]),
  ];
  for (const attempt of attempts) {
    const answer = await writer.send(attempt as PutItemCommand).catch((error: unknown) => error);
    expect(answer, JSON.stringify(attempt.input)).toMatchObject({ name: 'AccessDeniedException' });
  }
  expect([...refused].every((each) => each.startsWith(`${ROLE}: dynamodb:`))).toBe(true);
});

import { expect, test } from 'vitest';
import { enforce, grantOf, named } from '../../src/proving/player/enforce.ts';
import { type Requested, requestedBy } from '../../src/proving/player/requested.ts';
import type { RoleStatement } from '../../src/proving/player/statements.ts';
import type { Input, ServiceName } from '../../src/simulator/call/service.ts';
import { CENTRAL, MEMBER, openOrganization } from '../support/organization.ts';
import { aSimulator } from '../support/simulated.ts';

const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:delivery';

/** A statement that lets a role send messages, but for what is said. */
const statement = (parts: Partial<RoleStatement> = {}): RoleStatement => ({
  role: 'sweep',
  sid: 'WakeDelivery',
  effect: 'Allow',
  actions: ['sqs:SendMessage'],
  resources: [QUEUE],
  conditions: {},
  ...parts,
});
const sending: Requested = { action: 'sqs:SendMessage', resources: [QUEUE], keys: {} };
const inIreland = { StringEquals: { 'aws:RequestedRegion': ['eu-west-1', 'us-east-1'] } };
const denial = statement({ sid: 'Never', effect: 'Deny', actions: ['sqs:*'], resources: ['*'] });

test('a permission is named by role, statement, action and resource', () => {
  expect(grantOf([statement()])(sending).map(named)).toEqual([
    `sweep WakeDelivery: sqs:SendMessage on ${QUEUE}`,
  ]);
});

test.each<[string, readonly RoleStatement[], Partial<Requested>]>([
  ['another resource', [statement({ resources: [`${QUEUE}-dead`] })], {}],
  ['another action', [statement({ actions: ['sqs:ReceiveMessage'] })], {}],
  ['one of two resources', [statement()], { resources: [QUEUE, `${QUEUE}-dead`] }],
  ['those who say more', [statement({ conditions: inIreland })], {}],
  [
    'another region',
    [statement({ conditions: inIreland })],
    { keys: { 'aws:requestedregion': 'ap-south-1' } },
  ],
  ['nobody', [statement(), denial], {}],
  ['a text that a dot would match', [statement({ resources: [QUEUE.replace('delivery', 'd.livery')] })], {}],
  ['one character more', [statement({ resources: [`${QUEUE}?`] })], {}],
])('what is allowed to %s is not granted', (_case, statements, asked) => {
  expect(grantOf(statements)({ ...sending, ...asked })).toEqual([]);
});

test.each<[string, Partial<RoleStatement>, Requested['keys']]>([
  ['many characters', { resources: ['arn:aws:sqs:*:delivery'] }, {}],
  ['one character', { resources: [QUEUE.replace('delivery', 'deliver?')] }, {}],
  ['actions', { actions: ['sqs:Send*'] }, {}],
  ['a condition', { conditions: inIreland }, { 'aws:requestedregion': 'us-east-1' }],
  [
    'a condition on what is only known to be there',
    { conditions: inIreland },
    { 'aws:requestedregion': undefined },
  ],
])('%s that match grant', (_case, parts, keys) => {
  expect(grantOf([statement(parts)])({ ...sending, keys })).toHaveLength(1);
});

const LEADING = 'dynamodb:leadingkeys';
const ownLease = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['lease#one'] } };
const someLease = { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': ['lease#*'] } };
const naming = { Null: { 'dynamodb:LeadingKeys': ['false'] } };

test.each<[string, RoleStatement['conditions'], Requested['keys'], boolean]>([
  ['its own item', ownLease, { [LEADING]: ['lease#one'] }, true],
  ['an item of others', ownLease, { [LEADING]: ['lease#two'] }, false],
  ['its own and an item of others in one batch', ownLease, { [LEADING]: ['lease#one', 'lease#two'] }, false],
  ['all items at once: a scan names none', ownLease, {}, true],
  ['all items at once, where one has to be named', { ...ownLease, ...naming }, {}, false],
  ['its own item, where one has to be named', { ...ownLease, ...naming }, { [LEADING]: ['lease#one'] }, true],
  ['any of several', someLease, { [LEADING]: ['state', 'lease#two'] }, true],
  ['none of several', someLease, { [LEADING]: ['state'] }, false],
  ['nothing', someLease, {}, false],
])('leading keys: %s', (_case, conditions, keys, granted) => {
  expect(grantOf([statement({ conditions })])({ ...sending, keys })).toHaveLength(granted ? 1 : 0);
});

test.each<[string, RoleStatement['conditions']]>([
  ['several values need a set operator', { StringEquals: { 'dynamodb:LeadingKeys': ['lease#one'] } }],
  ['one value needs none', { 'ForAllValues:StringEquals': { 'aws:RequestedRegion': ['eu-west-1'] } }],
])('a condition is an error where %s', (_case, conditions) => {
  expect(() => grantOf([statement({ conditions })])(sending)).toThrow(/is not understood/);
});

const keyOf = (table: string, index: string | undefined) =>
  index === undefined && table === 'state' ? 'pk' : 'account';
const lease = { pk: { S: 'lease#one' }, sk: { S: 'x' } };

test.each<[string, Input, string, readonly string[] | undefined]>([
  ['GetItem', { TableName: 'state', Key: lease }, 'GetItem', ['lease#one']],
  ['PutItem', { TableName: 'state', Item: { pk: { N: '7' } } }, 'PutItem', ['7']],
  ['Scan', { TableName: 'state' }, 'Scan', undefined],
  [
    'Query',
    {
      TableName: 'state',
      KeyConditionExpression: 'begins_with(sk, :s) AND #pk = :p',
      ExpressionAttributeNames: { '#pk': 'pk' },
      ExpressionAttributeValues: { ':p': { S: 'lease#one' }, ':s': { S: 'x' } },
    },
    'Query',
    ['lease#one'],
  ],
  [
    'Query',
    {
      TableName: 'state',
      IndexName: 'open',
      KeyConditions: { account: { AttributeValueList: [{ S: '1111' }], ComparisonOperator: 'EQ' } },
    },
    'Query',
    ['1111'],
  ],
  ['BatchGetItem', { RequestItems: { state: { Keys: [lease] } } }, 'BatchGetItem', ['lease#one']],
  [
    'BatchWriteItem',
    {
      RequestItems: {
        state: [{ PutRequest: { Item: lease } }, { DeleteRequest: { Key: { pk: { S: 'b' } } } }],
      },
    },
    'BatchWriteItem',
    ['lease#one', 'b'],
  ],
  [
    'TransactWriteItems',
    { TransactItems: [{ ConditionCheck: { TableName: 'state', Key: lease } }] },
    'ConditionCheckItem',
    ['lease#one'],
  ],
])('%s names the partition keys it touches', (operation, input, action, leadingKeys) => {
  const call = { role: 'sweep', service: 'dynamodb', operation, input } as const;
  const [requested] = requestedBy(call, aSimulator(), keyOf);
  expect(requested?.action).toBe(`dynamodb:${action}`);
  expect(requested?.resources[0]).toContain(':table/state');
  expect(requested?.keys[LEADING]).toEqual(leadingKeys);
});

test('a role that may write one partition of a table can write no other', async () => {
  const simulator = aSimulator();
  const attribute = { AttributeName: 'pk', AttributeType: 'S' };
  const table = {
    TableName: 'leases',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [attribute],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  };
  await simulator.call('dynamodb', 'CreateTable', table, 'cloudformation');
  const resources = ['arn:aws:dynamodb:*:*:table/leases'];
  const put = statement({ actions: ['dynamodb:PutItem'], resources, conditions: ownLease });
  enforce([simulator], [put]);
  const write = (pk: string) =>
    simulator.call('dynamodb', 'PutItem', { TableName: 'leases', Item: { pk: { S: pk } } }, 'sweep');
  await expect(write('lease#one')).resolves.toBeDefined();
  await expect(write('lease#two')).rejects.toThrow('not authorized to perform: dynamodb:PutItem');
});

test('a condition that is not understood is an error', () => {
  const conditions = { NumericLessThan: { 'aws:MultiFactorAuthAge': ['60'] } };
  expect(() => grantOf([statement({ conditions })])(sending)).toThrow(/NumericLessThan is not understood/);
});

/** Returns the permissions that a call needs where there is no organization. */
function asked(service: ServiceName, operation: string, input: Input): readonly Requested[] {
  return requestedBy({ role: 'sweep', service, operation, input }, aSimulator());
}

test.each<[ServiceName, string, Input, string, string]>([
  ['sqs', 'SendMessageBatch', { QueueUrl: `https://sqs/1/delivery` }, 'sqs:SendMessage', QUEUE],
  ['monitoring', 'GetMetricData', {}, 'cloudwatch:GetMetricData', '*'],
  [
    'dynamodb',
    'Query',
    { TableName: 'state', IndexName: 'open' },
    'dynamodb:Query',
    'arn:aws:dynamodb:eu-west-1:111122223333:table/state/index/open',
  ],
  [
    'secretsmanager',
    'DescribeSecret',
    { SecretId: 'prod/orders' },
    'secretsmanager:DescribeSecret',
    'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/orders-??????',
  ],
  ['sts', 'AssumeRole', { RoleArn: 'arn:aws:iam::1:role/a' }, 'sts:AssumeRole', 'arn:aws:iam::1:role/a'],
])('%s %s asks for its action on its resource', (service, operation, input, action, resource) => {
  expect(asked(service, operation, input)).toMatchObject([{ action, resources: [resource] }]);
});

test('what is known of a call is the region, the account of the resource and the source of events', () => {
  const EventBusName = 'arn:aws:events:eu-west-1:111122223333:event-bus/applications';
  const [requested] = asked('events', 'PutEvents', { Entries: [{ EventBusName, Source: 'us' }] });
  expect(requested).toEqual({
    action: 'events:PutEvents',
    resources: [EventBusName],
    keys: {
      'aws:requestedregion': 'eu-west-1',
      'aws:resourceaccount': '111122223333',
      'events:source': 'us',
    },
  });
});

test('a schedule passes its role too', () => {
  const Target = { RoleArn: 'arn:aws:iam::111122223333:role/schedules' };
  expect(asked('scheduler', 'CreateSchedule', { GroupName: 'deadlines', Name: 'one', Target })).toMatchObject(
    [
      { resources: ['arn:aws:scheduler:eu-west-1:111122223333:schedule/deadlines/one'] },
      {
        action: 'iam:PassRole',
        resources: [Target.RoleArn],
        keys: { 'iam:passedtoservice': 'scheduler.amazonaws.com' },
      },
    ],
  );
});

test('within an organization a call names it', () => {
  const central = openOrganization().at(CENTRAL);
  const call = { role: 'sweep', service: 'organizations', operation: 'ListAccountsForParent' } as const;
  expect(requestedBy({ ...call, input: { ParentId: 'ou-simu-1' } }, central)).toMatchObject([
    {
      resources: [`arn:aws:organizations::${CENTRAL.account}:ou/o-simulated1/ou-simu-1`],
      keys: { 'aws:principalorgid': 'o-simulated1' },
    },
  ]);
  const RoleArn = `arn:aws:iam::${MEMBER.account}:role/reader`;
  const assuming = { role: 'sweep', service: 'sts', operation: 'AssumeRole', input: { RoleArn } } as const;
  expect(requestedBy(assuming, central)).toMatchObject([{ keys: { 'aws:resourceorgid': 'o-simulated1' } }]);
});

test('a role whose policies are known is refused what they do not allow, and others are not', async () => {
  const simulator = aSimulator();
  const { refused, used } = enforce(
    [simulator],
    [statement({ sid: 'List', actions: ['sqs:ListQueues'], resources: ['*'] })],
  );
  const listing = (role: string) => simulator.call('secretsmanager', 'ListSecrets', {}, role);
  await expect(listing('sweep')).rejects.toThrow(
    'not authorized to perform: secretsmanager:ListSecrets on *',
  );
  await expect(listing('operator')).resolves.toBeDefined();
  await expect(simulator.call('sts', 'GetCallerIdentity', {}, 'sweep')).resolves.toBeDefined();
  expect([...refused]).toEqual(['sweep: secretsmanager:ListSecrets on *']);
  expect([...used]).toEqual([]);
});

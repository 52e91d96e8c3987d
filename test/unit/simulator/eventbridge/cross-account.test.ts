import {
  DescribeEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemovePermissionCommand,
} from '@aws-sdk/client-eventbridge';
import { expect, test } from 'vitest';
import type { Home } from '../../../../src/simulator/call/service.ts';
import { CENTRAL, MEMBER, openOrganization, type TestOrganization } from '../../../support/organization.ts';
import { sdk } from '../../../support/simulated.ts';

const THIRD: Home = { account: '123456789012', region: 'us-east-1' };
const busOf = ({ account, region }: Home): string => `arn:aws:events:${region}:${account}:event-bus/default`;
const roleOf = ({ account }: Home): string => `arn:aws:iam::${account}:role/forward`;

const bridge = (organization: TestOrganization, home: Home) =>
  new EventBridgeClient(sdk(organization.at(home)));

/** A rule that sends every event of shops on. */
async function forward(
  organization: TestOrganization,
  from: Home,
  Arn: string,
  RoleArn = roleOf(from),
): Promise<void> {
  const client = bridge(organization, from);
  await client.send(new PutRuleCommand({ Name: 'forward', EventPattern: '{"source":["shop"]}' }));
  await client.send(new PutTargetsCommand({ Rule: 'forward', Targets: [{ Id: '1', Arn, RoleArn }] }));
}

const letIn = (organization: TestOrganization, home: Home, id = 'o-simulated1') =>
  bridge(organization, home).send(
    new PutPermissionCommand({
      StatementId: 'members',
      Action: 'events:PutEvents',
      Principal: '*',
      Condition: { Type: 'StringEquals', Key: 'aws:PrincipalOrgID', Value: id },
    }),
  );

const sell = (organization: TestOrganization, home: Home) =>
  bridge(organization, home).send(
    new PutEventsCommand({ Entries: [{ Source: 'shop', DetailType: 'Sold', Detail: '{}' }] }),
  );

/** A queue behind a rule for all events of shops. */
async function listener(organization: TestOrganization, home: Home): Promise<() => readonly string[]> {
  const simulator = organization.at(home);
  const { arn } = simulator.queues.create('heard', {});
  const client = bridge(organization, home);
  await client.send(new PutRuleCommand({ Name: 'hear', EventPattern: '{"source":["shop"]}' }));
  await client.send(new PutTargetsCommand({ Rule: 'hear', Targets: [{ Id: 'q', Arn: arn }] }));
  return () => simulator.queues.receive(simulator.queues.find('heard'), { max: 10 }).map(({ body }) => body);
}

test('an event goes to the bus of another account that lets the organization in, and keeps its origin', async () => {
  const organization = openOrganization();
  await letIn(organization, CENTRAL);
  const heard = await listener(organization, CENTRAL);
  await forward(organization, THIRD, busOf(CENTRAL));
  await sell(organization, THIRD);
  expect(heard().map((body) => JSON.parse(body))).toMatchObject([{ source: 'shop', ...THIRD }]);
  expect(organization.at(THIRD).eventBridge.counts()).toMatchObject({ delivered: 1, failed: 0 });
});

test.each<[string, (organization: TestOrganization) => Promise<unknown>]>([
  ['no policy', async () => undefined],
  ['a policy for another organization', (organization) => letIn(organization, CENTRAL, 'o-another111')],
  [
    'a policy that was removed',
    async (organization) => {
      await letIn(organization, CENTRAL);
      await bridge(organization, CENTRAL).send(new RemovePermissionCommand({ StatementId: 'members' }));
    },
  ],
])('a bus with %s lets no other account in', async (_case, prepare) => {
  const organization = openOrganization();
  await prepare(organization);
  const heard = await listener(organization, CENTRAL);
  await forward(organization, MEMBER, busOf(CENTRAL));
  await sell(organization, MEMBER);
  expect(heard()).toEqual([]);
  expect(organization.at(MEMBER).eventBridge.counts()).toMatchObject({ delivered: 0, failed: 1 });
});

test('a bus that lets a unit in takes events of the accounts in it and in the units inside it, and of no other', async () => {
  const organization = openOrganization();
  const { organization: tree } = organization;
  const production = tree.addUnit('production');
  const client = bridge(organization, CENTRAL);
  const Statement = {
    Sid: 'units',
    Effect: 'Allow',
    Principal: '*',
    Action: 'events:PutEvents',
    Resource: '*',
    Condition: {
      'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': [`${tree.id}/*/${production}/*`] },
      StringEquals: { 'events:source': ['shop'], 'events:detail-type': ['Sold'] },
    },
  };
  await client.send(new PutPermissionCommand({ Policy: JSON.stringify({ Statement }) }));
  const heard = await listener(organization, CENTRAL);
  await forward(organization, MEMBER, busOf(CENTRAL));
  const counts = [];
  for (const parent of [tree.addUnit('sandbox'), production, tree.addUnit('shops', production)]) {
    tree.move(MEMBER.account, parent);
    await sell(organization, MEMBER);
    counts.push(heard().length);
  }
  expect(counts).toEqual([0, 1, 1]);
});

test('a bus lets its own account in from another region without a policy', async () => {
  const organization = openOrganization();
  const heard = await listener(organization, MEMBER);
  const elsewhere = { ...MEMBER, region: 'us-east-1' };
  await forward(organization, elsewhere, busOf(MEMBER));
  await sell(organization, elsewhere);
  expect(heard()).toHaveLength(1);
});

test('an event is not sent on to a third bus', async () => {
  const organization = openOrganization();
  await letIn(organization, MEMBER);
  await letIn(organization, CENTRAL);
  const heard = await listener(organization, CENTRAL);
  await forward(organization, THIRD, busOf(MEMBER));
  await forward(organization, MEMBER, busOf(CENTRAL));
  await sell(organization, THIRD);
  expect(heard()).toEqual([]);
  await sell(organization, MEMBER);
  expect(heard()).toHaveLength(1);
});

test('a bus elsewhere is no target without a role', async () => {
  const organization = openOrganization();
  const client = bridge(organization, MEMBER);
  await client.send(new PutRuleCommand({ Name: 'forward', EventPattern: '{"source":["shop"]}' }));
  const Targets = [{ Id: '1', Arn: busOf(CENTRAL) }];
  await expect(client.send(new PutTargetsCommand({ Rule: 'forward', Targets }))).rejects.toMatchObject({
    name: 'ValidationException',
    message: `RoleArn is required for target ${busOf(CENTRAL)}.`,
  });
});

test('a whole policy replaces what was there, and the bus shows it', async () => {
  const organization = openOrganization();
  const client = bridge(organization, CENTRAL);
  await letIn(organization, CENTRAL);
  const Statement = [
    {
      Sid: 'one',
      Effect: 'Allow',
      Principal: { AWS: MEMBER.account },
      Action: 'events:PutEvents',
      Resource: '*',
    },
  ];
  await client.send(
    new PutPermissionCommand({ Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
  );
  const { Policy = '' } = await client.send(new DescribeEventBusCommand({}));
  expect(JSON.parse(Policy).Statement).toMatchObject([{ Sid: 'one' }]);
});

test('events for a bus of another account are not put on the own bus of that name', async () => {
  const organization = openOrganization();
  const { Entries } = await bridge(organization, MEMBER).send(
    new PutEventsCommand({
      Entries: [{ Source: 'shop', DetailType: 'Sold', Detail: '{}', EventBusName: busOf(CENTRAL) }],
    }),
  );
  expect(Entries).toMatchObject([{ ErrorCode: 'ResourceNotFoundException' }]);
});

import {
  type AwsSecurityFinding,
  BatchImportFindingsCommand,
  GetFindingsCommand,
  GetInsightsCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { expect, test } from 'vitest';
import { clientOf, type OpenAccount, openAccount } from '../open-account.ts';

function open(): { simulator: OpenAccount; client: SecurityHubClient } {
  const simulator = openAccount();
  return { simulator, client: new SecurityHubClient(clientOf(simulator)) };
}

const finding = (given: Partial<AwsSecurityFinding> = {}): AwsSecurityFinding => ({
  SchemaVersion: '2018-10-08',
  Id: 'one',
  ProductArn: 'arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default',
  GeneratorId: 'generator/1',
  AwsAccountId: '111122223333',
  CreatedAt: '2026-01-01T00:00:00Z',
  UpdatedAt: '2026-01-01T00:00:00Z',
  Title: 'title',
  Description: 'description',
  Resources: [
    { Type: 'AwsSecretsManagerSecret', Id: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:a-AbCdEf' },
  ],
  Compliance: { Status: 'FAILED' },
  FindingProviderFields: { Severity: { Label: 'MEDIUM' }, Types: ['Software and Configuration Checks'] },
  ...given,
});

const importing = (client: SecurityHubClient, ...Findings: AwsSecurityFinding[]) =>
  client.send(new BatchImportFindingsCommand({ Findings }));

const read = async (client: SecurityHubClient) =>
  (await client.send(new GetFindingsCommand({}))).Findings ?? [];

test('a finding is imported, with what its provider says where people read it', async () => {
  const { client } = open();
  expect(await importing(client, finding())).toMatchObject({ SuccessCount: 1, FailedCount: 0 });
  expect(await read(client)).toMatchObject([
    { Id: 'one', Severity: { Label: 'MEDIUM' }, Workflow: { Status: 'NEW' }, RecordState: 'ACTIVE' },
  ]);
});

test('only a later update is taken, and it leaves alone what people change', async () => {
  const { simulator, client } = open();
  await importing(client, finding());
  simulator.securityHub.edit('one', { Workflow: { Status: 'NOTIFIED' }, Severity: { Label: 'LOW' } });
  await importing(client, finding({ Title: 'same moment' }));
  expect((await read(client))[0]?.Title).toBe('title');
  await importing(client, finding({ Title: 'later', UpdatedAt: '2026-01-02T00:00:00Z' }));
  expect((await read(client))[0]).toMatchObject({
    Title: 'later',
    Workflow: { Status: 'NOTIFIED' },
    Severity: { Label: 'LOW' },
  });
});

test.each<[string, Partial<AwsSecurityFinding>]>([
  ['passed', { Compliance: { Status: 'PASSED' } }],
  ['was archived', { RecordState: 'ARCHIVED' }],
])('a finding that %s and fails again is new again', async (_, before) => {
  const { simulator, client } = open();
  await importing(client, finding(before));
  simulator.securityHub.edit('one', { Workflow: { Status: 'RESOLVED' } });
  await importing(client, finding({ UpdatedAt: '2026-01-02T00:00:00Z' }));
  expect((await read(client))[0]?.Workflow?.Status).toBe('NEW');
});

test('a bad finding fails by itself, named by its id', async () => {
  const { client } = open();
  const answer = await importing(
    client,
    finding({ Id: 'long', Title: 't'.repeat(257) }),
    finding({ Id: 'elsewhere', AwsAccountId: '444455556666' }),
    finding({
      Id: 'large',
      ProductFields: Object.fromEntries(Array.from({ length: 130 }, (_, n) => [`k${n}`, 'x'.repeat(2000)])),
    }),
    finding({ Id: 'severe', FindingProviderFields: { Types: ['TTPs'] } }),
    finding({ Id: 'good' }),
  );
  expect(answer).toMatchObject({ SuccessCount: 1, FailedCount: 4 });
  expect(answer.FailedFindings?.map(({ Id }) => Id)).toEqual(['long', 'elsewhere', 'large', 'severe']);
  expect((await read(client)).map(({ Id }) => Id)).toEqual(['good']);
});

test('101 findings are too many for one call', async () => {
  const { client } = open();
  const many = Array.from({ length: 101 }, (_, n) => finding({ Id: String(n) }));
  await expect(importing(client, ...many)).rejects.toThrow(/Findings/);
});

test('bursts end at 30 calls, and a second later ten more pass', async () => {
  const simulator = openAccount();
  const call = () =>
    simulator.call('securityhub', 'BatchImportFindings', { Findings: [finding()] }, 'auditor').then(
      () => true,
      () => false,
    );
  const passed = async (calls: number) =>
    (await Promise.all(Array.from({ length: calls }, call))).filter(Boolean).length;
  expect(await passed(40)).toBe(30);
  await simulator.clock.advance(1000);
  expect(await passed(40)).toBe(10);
});

test('findings are read by filter, page by page', async () => {
  const { client } = open();
  await importing(client, ...['a/1', 'a/2', 'b/1'].map((Id) => finding({ Id, GeneratorId: Id })));
  const Filters = { GeneratorId: [{ Value: 'a/', Comparison: 'PREFIX' as const }] };
  const first = await client.send(new GetFindingsCommand({ Filters, MaxResults: 1 }));
  const { NextToken } = first;
  const second = await client.send(new GetFindingsCommand({ Filters, MaxResults: 1, NextToken }));
  expect([first, second].flatMap(({ Findings }) => Findings?.map(({ Id }) => Id))).toEqual(['a/1', 'a/2']);
  expect(second.NextToken).toBeUndefined();
});

test('what is not simulated is refused by its name', async () => {
  const { client } = open();
  const Filters = { Title: [{ Value: 'title', Comparison: 'EQUALS' as const }] };
  await expect(client.send(new GetFindingsCommand({ Filters }))).rejects.toThrow(/Title/);
  await expect(client.send(new GetInsightsCommand({}))).rejects.toMatchObject({
    name: 'UnknownOperationException',
  });
});

test('where Security Hub is off, every call says so', async () => {
  const { simulator, client } = open();
  simulator.securityHub.setEnabled(false);
  await expect(importing(client, finding())).rejects.toMatchObject({ name: 'InvalidAccessException' });
});

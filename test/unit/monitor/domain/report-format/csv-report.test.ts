import { expect, test } from 'vitest';
import { inferred, observed, unknown } from '../../../../../src/monitor/domain/report/figure.ts';
import { at } from '../../../../support/builders.ts';
import { readCsv } from '../../../../support/csv.ts';
import { EXCEPTED } from '../../../../support/exceptions.ts';
import { aSecretAudit, aStream, aVerdict, written } from '../../../../support/reports.ts';

async function rowOf(given: Parameters<typeof aSecretAudit>[0]): Promise<Record<string, string>> {
  const [heads = [], cells = []] = readCsv(await written('csv', aStream([aSecretAudit(given)])));
  return Object.fromEntries(heads.map((head, index) => [head, cells[index] ?? '']));
}

test('a secret is one line with its figures and with the verdict of every control', async () => {
  const row = await rowOf({
    controls: [aVerdict({ control: 'SecretsManager.4', status: 'alarm', reason: 'It is 120 days old.' })],
  });
  expect(row).toMatchObject({
    name: 'prod/orders/db',
    windows_due: '3',
    windows_due_basis: 'observed',
    windows_missed_basis: 'inferred',
    longest_repair_hours: '1.5',
    current_age_days: '10',
    last_accessed_at: '2026-03-31T00:00:00Z',
    last_tested_at: '',
    last_tested_at_basis: 'unknown',
    'SecretsManager.4 status': 'alarm',
    'SecretsManager.4 reason': 'It is 120 days old.',
    'SecretsManager.1 status': '',
  });
});

test("Security Hub's own result has a column beside each of its controls, and says why it is unknown", async () => {
  const row = await rowOf({
    controls: [
      aVerdict({ control: 'SecretsManager.1', securityHub: observed('FAILED') }),
      aVerdict({ control: 'SecretsManager.2', securityHub: unknown('It was denied.') }),
      aVerdict({ control: 'SecretsManager.3' }),
    ],
  });
  expect(row).toMatchObject({
    'SecretsManager.1 Security Hub': 'FAILED',
    'SecretsManager.2 Security Hub': 'unknown: It was denied.',
    'SecretsManager.3 Security Hub': '',
  });
  expect(Object.keys(row).filter((head) => head.endsWith('Security Hub'))).toHaveLength(5);
});

test('an exception stands with its expiry, its approver and its reason', async () => {
  const given = {
    approvedBy: 'bob',
    grantedAt: at('2026-01-01T00:00:00Z'),
    until: at('2026-06-01T00:00:00Z'),
  };
  const row = await rowOf({ exceptions: [{ ...EXCEPTED, ...given }] });
  expect(row['exceptions']).toBe(
    'SecretsManager.1 until 2026-06-01T00:00:00Z, approved by bob: rotated by hand',
  );
});

test('lines end as RFC 4180 asks, and quotes, commas and breaks stay within their cell', async () => {
  const text = await written('csv', aStream([aSecretAudit({ owner: 'a "b", c\nd' }), aSecretAudit()]));
  expect(text.split('\r\n')).toHaveLength(4);
  expect(readCsv(text)[1]).toContain('a "b", c d');
});

test.each(['=1+1', '+1+1', '-1+1', '@SUM(A1)', '\t=1', ' =1', '＝1', '=cmd|"/c calc"!A0'])(
  'a spreadsheet does not calculate %j',
  async (owner) => {
    expect((await rowOf({ owner }))['owner']).toMatch(/^'/);
  },
);

test.each(['-5', '-0.25', '12', 'a=b', 'orders-team'])('%j stays as it is', async (owner) => {
  expect((await rowOf({ owner }))['owner']).toBe(owner);
});

test('a negative number stays a number', async () => {
  const text = await written('csv', aStream([aSecretAudit({ windowsMissed: inferred(-1, 'off by one') })]));
  expect(text).toContain(',-1,"inferred"');
});

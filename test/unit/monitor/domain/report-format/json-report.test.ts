import { expect, test } from 'vitest';
import { aSecretAudit, aStream, written } from '../../../../support/reports.ts';
import { judgedBy } from '../../../../support/schemas.ts';

const faults = judgedBy('audit.json');

test('a report obeys its schema, and every secret has a line of its own', async () => {
  const text = await written('json', aStream([aSecretAudit(), aSecretAudit({ secretName: 'two' })]));
  expect(faults(JSON.parse(text))).toEqual([]);
  expect(text.split('\n').filter((line) => line.startsWith('{"secretArn"'))).toHaveLength(2);
});

test('a report without secrets is JSON too', async () => {
  expect(faults(JSON.parse(await written('json', aStream([]))))).toEqual([]);
});

test('what is not known is null, with the reason', async () => {
  const report = JSON.parse(await written('json'));
  expect(report.secrets[0].lastTestedAt).toEqual({
    value: null,
    basis: 'unknown',
    because: 'no test rotation was seen',
  });
});

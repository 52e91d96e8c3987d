import { expect, test } from 'vitest';
import { OwnerResults } from '../../../../../src/monitor/domain/report-format/worst-secrets.ts';
import { at } from '../../../../support/builders.ts';
import { EXCEPTED } from '../../../../support/exceptions.ts';
import { aSecretAudit, aVerdict } from '../../../../support/reports.ts';

test('a secret that an exception lets off, or that is deleted, has not passed', () => {
  const times = { grantedAt: at('2026-01-01T00:00:00Z'), until: at('2026-06-01T00:00:00Z') };
  const exception = { ...EXCEPTED, approvedBy: 'bob', ...times };
  const skipped = aVerdict({ status: 'skip', exception });
  const results = new OwnerResults([]);
  results.add(aSecretAudit());
  results.add(aSecretAudit({ controls: [aVerdict(), aVerdict({ status: 'skip' })] }));
  results.add(aSecretAudit({ controls: [aVerdict({ control: 'SecretsManager.2' }), skipped] }));
  results.add(aSecretAudit({ deletedAt: at('2026-03-01T00:00:00Z') }));
  results.add(aSecretAudit({ controls: [skipped, aVerdict({ status: 'alarm' })] }));
  results.add(aSecretAudit({ controls: [skipped, aVerdict({ status: 'error' })] }));
  expect(results.results).toMatchObject([{ secrets: 6, passed: 2, failed: 1, unknown: 1, skipped: 2 }]);
});

import type { ExceptionTerms } from '../../src/monitor/domain/report/read-exceptions.ts';
import { aSecret } from './builders.ts';

/** Terms of an exception that are the same in a file and in a record: all but its times. */
export const EXCEPTED: Omit<ExceptionTerms, 'until'> = {
  secretArn: aSecret().arn,
  control: 'SecretsManager.1',
  reason: 'rotated by hand',
  ticket: 'SEC-7',
  requestedBy: 'alice',
};

import { DAY, HOUR } from '../../src/calendar/instant.ts';
import type { AuditRequest } from '../../src/monitor/application/audit/audit-request.ts';

/** Rules of the audits of tests: values and reads of 90 days, no tags that are required, and no business hours. */
export const AUDIT_RULES: AuditRequest['rules'] = {
  controls: {
    maxAgeMs: 90 * DAY,
    unusedAfterMs: 90 * DAY,
    maximumFrequencyMs: undefined,
    requiredTagKeys: [],
    riskAnalysisFrequencyMs: undefined,
  },
  stuckAfterMs: HOUR,
  isInBusinessHours: () => false,
};

import type { AuditRequest } from '../../application/audit/audit-request.ts';
import type { Config } from '../../config/settings.ts';
import { businessHoursTest } from '../../domain/report/compute/business-hours.ts';

/** The rules of audits, out of the configuration. */
export const auditRulesOf = (config: Config): AuditRequest['rules'] => ({
  controls: {
    maximumFrequencyMs: config.maximumFrequencyMs,
    unusedAfterMs: config.unusedAfterMs,
    maxAgeMs: config.maxAgeMs,
    requiredTagKeys: config.requiredTagKeys,
    riskAnalysisFrequencyMs: config.riskAnalysisFrequencyMs,
  },
  stuckAfterMs: config.stuckAfterMs,
  isInBusinessHours: businessHoursTest(config.businessHours),
});

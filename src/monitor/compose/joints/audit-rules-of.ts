import { formatDuration } from '../../../calendar/instant.ts';
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

/** The settings that the figures of an audit depend on, name → text. */
export const auditParametersOf = (
  config: Config,
  asksSecurityHub: boolean,
): Readonly<Record<string, string>> => ({
  'max-age': formatDuration(config.maxAgeMs),
  'slowest-schedule': formatDuration(config.slowestScheduleMs),
  'unused-after': formatDuration(config.unusedAfterMs),
  'stuck-after': formatDuration(config.stuckAfterMs),
  'maximum-rotation-frequency': durationOr(config.maximumFrequencyMs),
  'risk-analysis-frequency': durationOr(config.riskAnalysisFrequencyMs),
  'required-tag-keys': config.requiredTagKeys.join(', ') || 'none',
  'business-hours': hoursText(config.businessHours),
  'security-hub-verdicts': asksSecurityHub ? 'asked for' : 'not asked for',
});

const durationOr = (ms: number | undefined): string => (ms === undefined ? 'none' : formatDuration(ms));

const hoursText = ({ days, from, to, zone }: Config['businessHours']): string =>
  `days ${days.join(', ')} of the week (0 is Sunday), ${clockText(from)} to ${clockText(to)}, ${zone}`;

const clockText = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

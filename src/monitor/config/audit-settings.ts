import type { BusinessHours } from '../domain/report/compute/business-hours.ts';
import type { SettingTable } from './setting.ts';
import * as kind from './setting-kind.ts';

/** The parameters of audits that nothing else reads. Durations in milliseconds. */
export interface AuditConfig {
  readonly maximumFrequencyMs: number | undefined;
  readonly riskAnalysisFrequencyMs: number | undefined;
  readonly requiredTagKeys: readonly string[];
  readonly businessHours: BusinessHours;
  readonly asksSecurityHub: boolean;
}

/** The settings of {@link AuditConfig}. No tag overrides them: whoever is audited must not choose the limits. */
export const AUDIT_SETTINGS: SettingTable<AuditConfig> = {
  maximumFrequencyMs: {
    key: 'maximum-rotation-frequency',
    kind: kind.duration,
    optional: true,
    example: '90d',
    meaning:
      'Parameter `maximumAllowedRotationFrequency` of the control SecretsManager.1 in audits; Security Hub has no default, either.',
  },
  riskAnalysisFrequencyMs: {
    key: 'risk-analysis-frequency',
    kind: kind.duration,
    optional: true,
    example: '90d',
    meaning:
      'How often your targeted risk analysis (PCI DSS 4.0.1, 12.3.1) wants credentials of applications changed; without it audits skip 8.6.3.',
  },
  requiredTagKeys: {
    key: 'required-tag-keys',
    kind: kind.list,
    default: '',
    example: 'team,environment',
    meaning:
      'Tag keys that the control SecretsManager.5 asks for in audits; without them any tag of your own will do.',
  },
  businessHours: {
    key: 'business-hours',
    kind: kind.businessHours,
    default: 'MON-FRI 08:00-18:00 UTC',
    example: 'MON-FRI 08:00-18:00 Europe/Berlin',
    meaning: 'Days, hours and time zone in which audits count rotation windows as in business hours.',
  },
  asksSecurityHub: {
    key: 'security-hub-verdicts',
    kind: kind.flag,
    default: 'false',
    example: 'true',
    meaning:
      "Whether scheduled audits show Security Hub's own verdicts beside theirs; the roles may then call securityhub:GetFindings.",
  },
};

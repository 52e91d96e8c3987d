import type { ServiceSettings } from '../../application/service.ts';
import type { Config } from '../../config/settings.ts';

/** So many are 144,000 a day with a sweep every five minutes, and at most 1,000 calls: half a minute at 40 a second. */
const DAILY_CHECKS = 500;

/** The settings of the use cases, out of the configuration. */
export const settingsOf = (config: Config): ServiceSettings => ({
  target: { account: config.accountId, region: config.region },
  members: config.members,
  policyDefaults: config,
  groupWaitMs: config.groupWaitMs,
  criticalGroupWaitMs: config.criticalGroupWaitMs,
  silenceCritical: config.silenceCritical === 'yes',
  runbookBaseUrl: config.runbookBaseUrl,
  alertTopicArn: config.alertTopicArn,
  escalationTopicArn: config.escalationTopicArn,
  sweepIntervalMs: config.sweepIntervalMs,
  worstSecrets: config.worstSecrets,
  dailyChecks: DAILY_CHECKS,
  auditLimits: config,
  canarySecretArn: config.canarySecretArn,
});

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
  silenceCritical: config.silenceCritical,
  runbookBaseUrl: config.runbookBaseUrl,
  acknowledgeFunctionArn: acknowledgeFunctionArn(config),
  alertTopicArn: config.alertTopicArn,
  escalationTopicArn: config.escalationTopicArn,
  heartbeatUrlParameter: config.heartbeatUrlParameter,
  sweepIntervalMs: config.sweepIntervalMs,
  worstSecrets: config.worstSecrets,
  dailyChecks: DAILY_CHECKS,
  auditLimits: config,
  auditEveryMs: config.auditEveryMs,
  canarySecretArn: config.canarySecretArn,
});

/** The functions that say how to acknowledge an alert; those of a deployment are named alike but for their end. */
const SAYING = /(^|-)(deliver|open-alerts-widget)$/;

/** The function that takes acknowledgements; undefined where the name of the running one does not contain it. */
function acknowledgeFunctionArn({
  functionName,
  region,
  accountId,
  alertTopicArn,
}: Pick<Config, 'functionName' | 'region' | 'accountId' | 'alertTopicArn'>): string | undefined {
  if (functionName === undefined || !SAYING.test(functionName)) return undefined;
  const [, partition = 'aws'] = alertTopicArn.split(':');
  return `arn:${partition}:lambda:${region}:${accountId}:function:${functionName.replace(SAYING, '$1acknowledge')}`;
}

import type { ServiceSettings } from '../../application/service.ts';
import type { Config } from '../../config/settings.ts';

/** So many are 144,000 a day with a sweep every five minutes, and at most 1,000 calls: half a minute at 40 a second. */
const DAILY_CHECKS = 500;

/** The settings of the use cases, out of the configuration: all that have the same name there, and those made of others. */
export const settingsOf = (config: Config): ServiceSettings => ({
  ...config,
  target: { account: config.accountId, region: config.region },
  policyDefaults: config,
  acknowledgeFunctionArn: acknowledgeFunctionArn(config),
  dailyChecks: DAILY_CHECKS,
  auditLimits: config,
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

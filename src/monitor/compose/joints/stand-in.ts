import type { Environment } from '../../config/read-config.ts';
import { variableOf } from '../../config/setting.ts';
import { SETTINGS } from '../../config/settings.ts';
import type { Target } from '../../domain/secret/secret.ts';

/** Stands in for the settings that only a deployment has; those of judging are the operator's. */
export const standIn = ({ account, region }: Target): Environment => ({
  [variableOf(SETTINGS.accountId)]: account,
  [variableOf(SETTINGS.region)]: region,
  [variableOf(SETTINGS.tableName)]: SETTINGS.tableName.example,
  [variableOf(SETTINGS.alertTopicArn)]: SETTINGS.alertTopicArn.example,
  [variableOf(SETTINGS.deliveryQueueUrl)]: SETTINGS.deliveryQueueUrl.example,
});

import { RESOURCE_SETTINGS } from '../../src/config/resource-settings.ts';
import type { Setting } from '../../src/config/setting.ts';
import type { SettingKind } from '../../src/config/setting-kind.ts';
import { SETTING_PROPS } from '../setting-props.ts';

const { accountId, region, slackWebhookParameter, applicationBusName, heartbeatUrl } = RESOURCE_SETTINGS;

/**
 * A secret text does not stand in a file: CloudFormation fetches it.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
 */
const reference: SettingKind<string> = {
  expected: 'a dynamic reference, so that the text itself is in no file',
  parse: (text) => (/^\{\{resolve:(ssm|secretsmanager):[^{}]+\}\}$/.test(text) ? text : undefined),
};

/** The settings that the file may name; the deployment makes all others itself. */
export const FILE_SETTINGS: ReadonlyMap<string, Setting<unknown>> = new Map(
  [
    ...SETTING_PROPS.map(({ setting }) => setting),
    accountId,
    region,
    slackWebhookParameter,
    applicationBusName,
    { ...heartbeatUrl, kind: reference, example: '{{resolve:ssm:/rotation-monitor/heartbeat-url}}' },
  ].map((setting) => [setting.key, setting]),
);

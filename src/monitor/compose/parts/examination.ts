import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import { SECOND } from '../../../calendar/instant.ts';
import { cloudtrailEventHistory, globalRegion } from '../../adapters/cloudtrail/cloudtrail-event-history.ts';
import { cloudwatchFunctionActivity } from '../../adapters/cloudwatch/cloudwatch-function-activity.ts';
import { lambdaFunctionInspector } from '../../adapters/lambda/lambda-function-inspector.ts';
import { pacedHistory } from '../../application/look/paced-history.ts';
import type { Service } from '../../application/service.ts';
import type { Config } from '../../config/settings.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SdkOptions } from '../joints/joints.ts';

/** No alert waits long for its explanation. */
const PATIENCE = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 2 * SECOND, requestTimeout: 4 * SECOND, throwOnRequestTimeout: true },
} as const satisfies Partial<LambdaClientConfig>;

/** Makes the parts that look closer at rotation functions and recent changes, as far as the settings allow. */
export function examination(
  config: Pick<Config, 'region' | 'inspectFunctions' | 'eventHistory'>,
  sdk: SdkOptions,
  clock: Clock,
): Pick<Service, 'inspector' | 'history'> {
  const { region } = config;
  const requestHandler = sdk.requestHandler ?? PATIENCE.requestHandler;
  const options = { ...sdk, ...PATIENCE, requestHandler, region };
  const global = { ...options, region: globalRegion(region) };
  return {
    inspector: !config.inspectFunctions
      ? undefined
      : {
          ...lambdaFunctionInspector(new LambdaClient(options)),
          ...cloudwatchFunctionActivity(new CloudWatchClient(options)),
        },
    history: !config.eventHistory
      ? undefined
      : pacedHistory(
          cloudtrailEventHistory({
            regional: new CloudTrailClient(options),
            global: new CloudTrailClient(global),
          }),
          clock,
        ),
  };
}

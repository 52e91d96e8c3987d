import type { LambdaClientConfig } from '@aws-sdk/client-lambda';
import { SECOND } from '../../../calendar/instant.ts';
import { pacedHistory } from '../../application/look/paced-history.ts';
import type { Service } from '../../application/service.ts';
import type { Config } from '../../config/settings.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EventHistory } from '../../ports/look/event-history.ts';
import type { FunctionInspector } from '../../ports/look/function-inspector.ts';
import type { SdkOptions } from '../joints/joints.ts';
import { onFirstUse } from '../joints/on-first-use.ts';

/** No alert waits long for its explanation. */
const PATIENCE = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 2 * SECOND, requestTimeout: 4 * SECOND, throwOnRequestTimeout: true },
} as const satisfies Partial<LambdaClientConfig>;

/**
 * Makes the parts that look closer at rotation functions and recent changes, as far as the settings allow. Their clients
 * are loaded on first use: most runs find nothing to look closer at.
 */
export function examination(
  config: Pick<Config, 'region' | 'inspectFunctions' | 'eventHistory'>,
  sdk: SdkOptions,
  clock: Clock,
): Pick<Service, 'inspector' | 'history'> {
  const requestHandler = sdk.requestHandler ?? PATIENCE.requestHandler;
  const options = { ...sdk, ...PATIENCE, requestHandler, region: config.region };
  return {
    inspector: config.inspectFunctions ? functionInspector(options) : undefined,
    history: config.eventHistory ? pacedHistory(eventHistory(options), clock) : undefined,
  };
}

function functionInspector(options: LambdaClientConfig): FunctionInspector {
  const inspector = onFirstUse(async () => {
    const [
      { LambdaClient },
      { CloudWatchClient },
      { lambdaFunctionInspector },
      { cloudwatchFunctionActivity },
    ] = await Promise.all([
      import('@aws-sdk/client-lambda'),
      import('@aws-sdk/client-cloudwatch'),
      import('../../adapters/lambda/lambda-function-inspector.ts'),
      import('../../adapters/cloudwatch/cloudwatch-function-activity.ts'),
    ]);
    return {
      ...lambdaFunctionInspector(new LambdaClient(options)),
      ...cloudwatchFunctionActivity(new CloudWatchClient(options)),
    };
  });
  return {
    configuration: async (functionArn) => (await inspector()).configuration(functionArn),
    grants: async (functionArn) => (await inspector()).grants(functionArn),
    reservedConcurrency: async (functionArn) => (await inspector()).reservedConcurrency(functionArn),
    activity: async (functionArn, span) => (await inspector()).activity(functionArn, span),
  };
}

function eventHistory(options: LambdaClientConfig & { readonly region: string }): EventHistory {
  const history = onFirstUse(async () => {
    const [{ CloudTrailClient }, { cloudtrailEventHistory, globalRegion }] = await Promise.all([
      import('@aws-sdk/client-cloudtrail'),
      import('../../adapters/cloudtrail/cloudtrail-event-history.ts'),
    ]);
    return cloudtrailEventHistory({
      regional: new CloudTrailClient(options),
      global: new CloudTrailClient({ ...options, region: globalRegion(options.region) }),
    });
  });
  return {
    callsOn: async (resource, span, page) => (await history()).callsOn(resource, span, page),
    envelopes: async (eventName, span, page) => (await history()).envelopes(eventName, span, page),
  };
}

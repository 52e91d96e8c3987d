import { CloudWatchClient, type CloudWatchClientConfig } from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SECOND } from '../../../calendar/instant.ts';
import { lackOfCredentials, regionOf } from '../../adapters/aws/client-readiness.ts';
import { cloudwatchDashboardSource } from '../../adapters/cloudwatch/cloudwatch-dashboard-source.ts';
import { systemClock } from '../../adapters/system/system-clock.ts';
import * as kind from '../../config/setting-kind.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DashboardSource } from '../../ports/watch/dashboard-source.ts';
import type { ConnectedSdk } from './compose-connection.ts';

/** Endpoint, region and identity of a command that reads dashboards. */
export interface DashboardConnection {
  /** Address of the AWS API; the SDK's own choice when undefined. */
  readonly endpointUrl: string | undefined;
  readonly region: string | undefined;
  readonly profile: string | undefined;
}

/** The outcome of composing. */
export type ComposedDashboards =
  | {
      readonly kind: 'ready';
      readonly source: DashboardSource;
      readonly region: string;
      readonly clock: Clock;
    }
  | { readonly kind: 'no-region'; readonly reason: string }
  | { readonly kind: 'no-credentials'; readonly reason: string };

/** Somebody watches: fail soon. */
const PATIENCE = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 3 * SECOND, requestTimeout: 10 * SECOND },
} as const satisfies Partial<CloudWatchClientConfig>;

/** The dashboards of a real account, or of whatever speaks AWS at the endpoint. */
export async function composeDashboards(connection: DashboardConnection): Promise<ComposedDashboards> {
  const { endpointUrl, region: wanted, profile } = connection;
  const options = {
    ...PATIENCE,
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
    ...(wanted === undefined ? {} : { region: wanted }),
    ...(profile === undefined ? {} : { profile }),
  };
  const client = new CloudWatchClient(options);
  const region = await regionOf(client);
  if ('missing' in region) return { kind: 'no-region', reason: region.missing };
  if (kind.region.parse(region.value) === undefined) {
    return { kind: 'no-region', reason: `"${region.value}" is not ${kind.region.expected}` };
  }
  const lack = await lackOfCredentials(client);
  if (lack !== undefined) return { kind: 'no-credentials', reason: lack };
  const source = cloudwatchDashboardSource(client, new LambdaClient(options));
  return { kind: 'ready', source, region: region.value, clock: systemClock };
}

/** Returns the metrics of the account to which a command has connected. */
export const connectedMetrics = (sdk: ConnectedSdk): Pick<DashboardSource, 'series'> =>
  cloudwatchDashboardSource(new CloudWatchClient(sdk), new LambdaClient(sdk));

/** The dashboards of an AWS in this process. */
export function dashboardsInProcess(
  region: string,
  requestHandler: NonNullable<CloudWatchClientConfig['requestHandler']>,
): DashboardSource {
  const credentials = { accessKeyId: 'in-process', secretAccessKey: 'in-process' };
  const sdk = { region, requestHandler, credentials, maxAttempts: 1 };
  return cloudwatchDashboardSource(new CloudWatchClient(sdk), new LambdaClient(sdk));
}

import { CloudWatchClient, type CloudWatchClientConfig } from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { cloudwatchDashboardSource } from '../../adapters/cloudwatch/cloudwatch-dashboard-source.ts';
import type { DashboardSource } from '../../ports/watch/dashboard-source.ts';
import type { ConnectedSdk } from './compose-connection.ts';

/** Returns the dashboards and metrics of the account to which a command has connected. */
export const connectedDashboards = (sdk: ConnectedSdk): DashboardSource =>
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

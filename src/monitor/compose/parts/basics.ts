import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { cloudwatchMetricSink } from '../../adapters/cloudwatch/cloudwatch-metric-sink.ts';
import { emfMetricSink } from '../../adapters/powertools/emf-metric-sink.ts';
import { jsonLog } from '../../adapters/system/json-log.ts';
import type { Service } from '../../application/service.ts';
import type { Joints } from '../joints/joints.ts';
import { settingsOf } from '../joints/settings-of.ts';

/** The parts of every use case that counts something. */
export type Basics = Pick<Service, 'clock' | 'metrics' | 'log' | 'settings'>;

/** Clock, metrics, log and settings. */
export const basics = ({ config, clock, sdk, writeLine }: Joints): Basics => ({
  clock,
  metrics:
    config.metricsTransport === 'emf'
      ? emfMetricSink(config.metricsNamespace, writeLine)
      : cloudwatchMetricSink(new CloudWatchClient(sdk), config.metricsNamespace),
  log: jsonLog(clock, writeLine),
  settings: settingsOf(config),
});

import { emfMetricSink } from '../../adapters/powertools/emf-metric-sink.ts';
import { jsonLog } from '../../adapters/system/json-log.ts';
import type { Service } from '../../application/service.ts';
import type { MetricSink } from '../../ports/watch/metric-sink.ts';
import type { Joints } from '../joints/joints.ts';
import { onFirstUse } from '../joints/on-first-use.ts';
import { settingsOf } from '../joints/settings-of.ts';

/** The parts of every use case that counts something. */
export type Basics = Pick<Service, 'clock' | 'metrics' | 'log' | 'settings'>;

/** Clock, metrics, log and settings. */
export const basics = (joints: Joints): Basics => {
  const { config, clock, writeLine } = joints;
  return {
    clock,
    metrics:
      config.metricsTransport === 'emf'
        ? emfMetricSink(config.metricsNamespace, writeLine)
        : putMetrics(joints),
    log: jsonLog(clock, writeLine),
    settings: settingsOf(config),
  };
};

/** Loaded on first use: what is deployed writes its metrics as lines of its log. */
function putMetrics({ config, sdk }: Joints): MetricSink {
  const sink = onFirstUse(async () => {
    const [{ CloudWatchClient }, { cloudwatchMetricSink }] = await Promise.all([
      import('@aws-sdk/client-cloudwatch'),
      import('../../adapters/cloudwatch/cloudwatch-metric-sink.ts'),
    ]);
    return cloudwatchMetricSink(new CloudWatchClient(sdk), config.metricsNamespace);
  });
  return { record: async (datapoints, at) => (await sink()).record(datapoints, at) };
}

import type { Instant } from '../../../calendar/instant.ts';
import type { Datapoint } from '../../domain/metric.ts';
import { PortError } from '../failure.ts';

/** Takes measurements; fails with a {@link MetricSinkError}. */
export interface MetricSink {
  record(datapoints: readonly Datapoint[], at: Instant): Promise<void>;
}

/** The measurements were not taken. */
export class MetricSinkError extends PortError {
  override readonly name = 'MetricSinkError';
}

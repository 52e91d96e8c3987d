import type { CloudWatch } from '../cloudwatch/cloudwatch.ts';
import { statisticsOf } from '../cloudwatch/metrics/statistics.ts';
import type { SimulatorClock } from '../time/clock.ts';

/** The outcome of one invocation of a function. */
export interface Invocation {
  readonly functionName: string;
  readonly outcome: 'succeeded' | 'failed' | 'throttled';
  readonly durationMs: number;
}

/**
 * Counts invocations as Lambda does: one that is throttled is neither an invocation nor an error.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export const noteInvocation =
  (cloudWatch: Pick<CloudWatch, 'put'>, clock: SimulatorClock) =>
  ({ functionName, outcome, durationMs }: Invocation): void => {
    const put = (name: string, unit: string, value: number): void =>
      cloudWatch.put({
        namespace: 'AWS/Lambda',
        name,
        dimensions: { FunctionName: functionName },
        unit,
        at: clock.now(),
        values: statisticsOf([value]),
      });
    put('Throttles', 'Count', outcome === 'throttled' ? 1 : 0);
    if (outcome === 'throttled') return;
    put('Invocations', 'Count', 1);
    put('Errors', 'Count', outcome === 'failed' ? 1 : 0);
    put('Duration', 'Milliseconds', durationMs);
  };

import * as z from 'zod';
import { type Instant, SECOND } from '../../calendar/instant.ts';
import type { Simulator } from '../../simulator/simulator.ts';

/** Long enough that a run of years fits into the datapoints of one answer. */
const PERIOD_SECONDS = 30 * 86_400;

const listed = z.object({
  Metrics: z.array(
    z.object({
      Namespace: z.string(),
      MetricName: z.string(),
      Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })),
    }),
  ),
});
const summed = z.object({ Datapoints: z.array(z.object({ Sum: z.number() })) });

/** How many events the monitor has not understood since `from`, as its own metric counts them. */
export async function unrecognisedEvents(simulator: Simulator, from: Instant): Promise<number> {
  const name = { MetricName: 'EventsUnrecognised' };
  const { Metrics } = listed.parse(await simulator.call('monitoring', 'ListMetrics', name, 'drill'));
  let sum = 0;
  for (const metric of Metrics) {
    const request = {
      ...metric,
      StartTime: from / SECOND,
      EndTime: simulator.clock.now() / SECOND + 1,
      Period: PERIOD_SECONDS,
      Statistics: ['Sum'],
    };
    const answer = await simulator.call('monitoring', 'GetMetricStatistics', request, 'drill');
    sum += summed.parse(answer).Datapoints.reduce((total, { Sum }) => total + Sum, 0);
  }
  return sum;
}

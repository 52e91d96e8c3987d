import type { SimulatorClock } from '../clock.ts';
import type { Service } from '../service.ts';
import { type EmfOutcome, ingestEmbeddedMetrics } from './embedded-metrics.ts';
import { readingOperations } from './get-metrics.ts';
import { MetricStore } from './metric-store.ts';
import { putMetricData } from './put-metric-data.ts';

/** CloudWatch metrics, and what tests and scenarios ask of them. */
export interface CloudWatch extends Service {
  /** Takes a line of log output as CloudWatch Logs takes it: the metrics embedded in it are stored. */
  ingestEmf(line: string): EmfOutcome;
  /** How many lines were rejected, each a fault of whoever wrote it. */
  rejectedEmf(): number;
  /** The latest value of a metric, over all dimensions; undefined when nothing was ever put. */
  last(name: string): number | undefined;
  /** The latest value of every metric by name, over all dimensions. */
  lastByName(): Readonly<Record<string, number>>;
}

/** A CloudWatch without metrics. */
export function createCloudWatch(clock: SimulatorClock): CloudWatch {
  const store = new MetricStore();
  let rejected = 0;
  return {
    operations: { ...readingOperations(store), PutMetricData: putMetricData(store) },
    ingestEmf: (line) => {
      const outcome = ingestEmbeddedMetrics(store, line, clock.now());
      if (outcome === 'rejected') rejected += 1;
      return outcome;
    },
    rejectedEmf: () => rejected,
    last: (name) => lastOf(store, name),
    lastByName: () => {
      const names = new Set(store.all().map(({ name }) => name));
      return Object.fromEntries([...names].map((name) => [name, lastOf(store, name) ?? 0]));
    },
  };
}

function lastOf(store: MetricStore, name: string): number | undefined {
  const series = store.all().filter((each) => each.name === name);
  const points = series.map((each) => each.latest).filter((point) => point !== undefined);
  return points.toSorted((a, b) => a.at - b.at).at(-1)?.value;
}

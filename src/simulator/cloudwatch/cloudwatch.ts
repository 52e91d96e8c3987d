import { instant, MINUTE } from '../../calendar/instant.ts';
import type { Home, Operation, Service } from '../call/service.ts';
import type { Queues } from '../sqs/queues.ts';
import type { SimulatorClock } from '../time/clock.ts';
import { type AlarmActions, alarmActions, type Publish } from './alarms/alarm-actions.ts';
import { alarmOperations } from './alarms/alarm-operations.ts';
import { Alarms } from './alarms/alarms.ts';
import { type Dashboards, dashboardOperations } from './dashboards/dashboard-operations.ts';
import { type EmfOutcome, ingestEmbeddedMetrics } from './metrics/embedded-metrics.ts';
import { readingOperations } from './metrics/get-metrics.ts';
import { MetricStore, type NewDatapoint } from './metrics/metric-store.ts';
import { putMetricData } from './metrics/put-metric-data.ts';
import { type VendedMetrics, vendedMetrics } from './metrics/vended-metrics.ts';

/** CloudWatch with metrics, alarms and dashboards, and what tests and scenarios ask of it. */
export interface CloudWatch extends Service {
  /** Takes a line of log output as CloudWatch Logs takes it: the metrics embedded in it are stored. */
  ingestEmf(line: string): EmfOutcome;
  /** Returns the number of rejected lines, each a fault of the function that wrote it. */
  rejectedEmf(): number;
  /** The latest value of a metric, over all dimensions; undefined when nothing was ever put. */
  last(name: string): number | undefined;
  /** The latest value of every metric by name, over all dimensions; without those that AWS publishes by itself. */
  lastByName(): Readonly<Record<string, number>>;
  /** Stores what another service publishes of itself. */
  put(datapoint: NewDatapoint): void;
  readonly vended: VendedMetrics;
}

/** Dependencies of CloudWatch. */
export interface CloudWatchOptions {
  readonly clock: SimulatorClock;
  readonly home: Home;
  readonly queues: Queues;
  readonly publish: Publish;
}

/** A CloudWatch without metrics. */
export function createCloudWatch(options: CloudWatchOptions): CloudWatch {
  const { clock } = options;
  const store = new MetricStore();
  const actions = alarmActions(options.home, options.publish);
  const alarms = new Alarms(store, actions.take);
  const dashboards: Dashboards = new Map();
  const vended = vendedMetrics(store);
  const keep = everyMinute(options, { alarms, actions, dashboards, vended });
  let rejected = 0;
  return {
    operations: {
      ...readingOperations(store),
      PutMetricData: putMetricData(store),
      ...followed(alarmOperations(alarms), keep),
      ...followed(dashboardOperations(dashboards), keep),
    },
    ingestEmf: (line) => {
      const outcome = ingestEmbeddedMetrics(store, line, clock.now());
      if (outcome === 'rejected') rejected += 1;
      return outcome;
    },
    rejectedEmf: () => rejected,
    last: (name) => lastOf(store, name),
    lastByName: () => {
      const own = store.all().filter(({ namespace }) => !namespace.startsWith('AWS/'));
      return Object.fromEntries(
        [...new Set(own.map(({ name }) => name))].map((name) => [name, lastOf(store, name) ?? 0]),
      );
    },
    put: (datapoint) => store.add(datapoint),
    vended,
  };
}

/** Operations after each of which `next` is done. */
const followed = (operations: Service['operations'], next: () => Promise<void>): Service['operations'] =>
  Object.fromEntries(
    Object.entries(operations).map(([name, operation]): [string, Operation] => [
      name,
      async (input, call) => {
        const answer = await operation(input, call);
        await next();
        return answer;
      },
    ]),
  );

interface Kept {
  readonly alarms: Alarms;
  readonly actions: AlarmActions;
  readonly dashboards: Dashboards;
  readonly vended: VendedMetrics;
}

/** Samples the queues and evaluates the alarms at the end of every minute, as long as there is an alarm or a dashboard to see it. */
function everyMinute(
  { clock, queues }: CloudWatchOptions,
  { alarms, actions, dashboards, vended }: Kept,
): () => Promise<void> {
  let planned = false;
  const plan = (): void => {
    if (planned || alarms.size + dashboards.size === 0) return;
    planned = true;
    const end = instant((Math.floor(clock.now() / MINUTE) + 1) * MINUTE);
    clock.schedule(end, async () => {
      planned = false;
      for (const queue of queues.all()) vended.queueSampled(queue, end);
      alarms.evaluate(end);
      await actions.done();
      plan();
    });
  };
  return () => {
    plan();
    return actions.done();
  };
}

function lastOf(store: MetricStore, name: string): number | undefined {
  const series = store.all().filter((each) => each.name === name);
  const points = series.map((each) => each.latest).filter((point) => point !== undefined);
  return points.toSorted((a, b) => a.at - b.at).at(-1)?.value;
}

import { DASHBOARDS } from '../../monitor/observability/dashboards/navigation.ts';
import { costOf, PRICES, type PriceName } from './prices.ts';

/** The cost of a month of the monitor, in USD. */
export interface MonitorMonth {
  readonly secrets: number;
  /** The dearest first. */
  readonly services: readonly ServiceCost[];
  /** Without dashboards and without further trails. */
  readonly total: number;
  readonly dashboards: number;
  /** Its own calls in a further copy of management events that a trail delivers. */
  readonly secondTrail: number;
}

/** The cost of one AWS service. */
interface ServiceCost {
  readonly service: string;
  readonly usd: number;
}

/** The use of a month, in the units of the prices. */
type Quantities = Readonly<Partial<Record<PriceName, number>>>;

/** A fleet of which a day was played by `bench/cost.bench.ts` and taken times thirty; the bench compares it with this. */
interface MeasuredMonth {
  readonly secrets: number;
  readonly quantities: Quantities;
}

const MEASURED: readonly [MeasuredMonth, ...MeasuredMonth[]] = [
  {
    secrets: 100,
    quantities: {
      kmsKey: 1,
      secret: 1,
      alarmMetric: 23,
      compositeAlarm: 1,
      sqsRequests: 2_620_000,
      secretsManagerCalls: 12_300,
      customMetric: 18.2,
      metricsRead: 120,
      lambdaGbSeconds: 2_290,
      lambdaRequests: 12_500,
      dynamoDbWrites: 39_600,
      dynamoDbReads: 29_400,
      dynamoDbStorage: 399_000,
      dynamoDbRecovery: 399_000,
      kmsRequests: 22_900,
      logIngestion: 17_400_000,
      logStorage: 17_400_000,
      snsPublishes: 30,
      snsEmails: 30,
      schedulerInvocations: 9_450,
      trailEvents: 81_700,
    },
  },
  {
    secrets: 1_000,
    quantities: {
      kmsKey: 1,
      secret: 1,
      alarmMetric: 23,
      compositeAlarm: 1,
      sqsRequests: 2_630_000,
      secretsManagerCalls: 101_000,
      customMetric: 21,
      metricsRead: 240,
      lambdaGbSeconds: 8_050,
      lambdaRequests: 16_500,
      dynamoDbWrites: 88_400,
      dynamoDbReads: 67_700,
      dynamoDbStorage: 3_970_000,
      dynamoDbRecovery: 3_970_000,
      kmsRequests: 33_200,
      logIngestion: 24_400_000,
      logStorage: 24_400_000,
      snsPublishes: 60,
      snsEmails: 60,
      schedulerInvocations: 10_300,
      trailEvents: 181_000,
    },
  },
  {
    secrets: 10_000,
    quantities: {
      kmsKey: 1,
      secret: 1,
      alarmMetric: 23,
      compositeAlarm: 1,
      sqsRequests: 2_730_000,
      secretsManagerCalls: 986_000,
      customMetric: 21,
      metricsRead: 2_400,
      lambdaGbSeconds: 62_900,
      lambdaRequests: 57_000,
      dynamoDbWrites: 487_000,
      dynamoDbReads: 450_000,
      dynamoDbStorage: 39_700_000,
      dynamoDbRecovery: 39_700_000,
      kmsRequests: 51_700,
      logIngestion: 48_800_000,
      logStorage: 48_800_000,
      snsPublishes: 600,
      snsEmails: 600,
      schedulerInvocations: 18_400,
      trailEvents: 1_100_000,
    },
  },
];

/** The month of a fleet: between the sizes that were measured it grows evenly, above the largest as before it. */
export function monitorMonth(secrets: number): MonitorMonth {
  const used = quantitiesAt(secrets);
  const services = new Map<string, number>();
  for (const [name, quantity] of entriesOf(used)) {
    if (name === 'trailEvents') continue;
    const { service } = PRICES[name];
    services.set(service, (services.get(service) ?? 0) + costOf(name, quantity));
  }
  return {
    secrets,
    services: [...services].map(([service, usd]) => ({ service, usd })).toSorted((a, b) => b.usd - a.usd),
    total: [...services.values()].reduce((sum, usd) => sum + usd, 0),
    dashboards: costOf('dashboard', DASHBOARDS.length),
    secondTrail: costOf('trailEvents', used.trailEvents ?? 0),
  };
}

const entriesOf = (quantities: Quantities): readonly (readonly [PriceName, number])[] =>
  Object.entries(quantities) as readonly (readonly [PriceName, number])[];

function quantitiesAt(secrets: number): Quantities {
  const [smallest] = MEASURED;
  const upper = MEASURED.find((month) => month.secrets >= secrets) ?? MEASURED.at(-1) ?? smallest;
  const lower = MEASURED[MEASURED.indexOf(upper) - 1];
  if (lower === undefined) return smallest.quantities;
  const share = (secrets - lower.secrets) / (upper.secrets - lower.secrets);
  const between = ([name, high]: readonly [PriceName, number]): readonly [PriceName, number] => {
    const low = lower.quantities[name] ?? 0;
    return [name, low + share * (high - low)];
  };
  return Object.fromEntries(entriesOf(upper.quantities).map(between));
}

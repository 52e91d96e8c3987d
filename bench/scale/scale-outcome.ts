import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { SECOND } from '../../src/calendar/instant.ts';
import { dynamodbAlertStore } from '../../src/monitor/adapters/dynamodb/dynamodb-alert-store.ts';
import type { MetricName } from '../../src/monitor/domain/metric.ts';
import type { Deployment } from '../../src/proving/player/monitor.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { START } from '../sweep/fleet.ts';

/** The outcome of one sweep by hand-over. */
export interface ScaleOutcome {
  /** Secrets that were there from the beginning of the sweep to its end. */
  readonly throughout: number;
  /** Those of them that no page of the list showed to the sweep. */
  readonly skipped: readonly string[];
  /** Stuck secrets that were there throughout, and those of them about which nothing is open. */
  readonly stuck: number;
  readonly missed: readonly string[];
  /** Secrets the sweep says it looked at. */
  readonly observed: number;
  readonly handOvers: number;
  /** Sweeps that ended at once because this one was running. */
  readonly overlapped: number;
  readonly throttledCalls: number;
  /** From its first page to its last, in milliseconds of simulated time. */
  readonly tookMs: number;
  /** Errors of the monitor's functions. */
  readonly errors: readonly unknown[];
}

/** The secrets before the sweep, and those that the list has shown to it. */
export interface Witness {
  readonly before: ReadonlySet<string>;
  readonly shown: ReadonlySet<string>;
}

/** Compares what the sweep saw and opened with what there was. */
export async function scaleOutcome(
  simulator: Simulator,
  { config, functions: deployed }: Deployment,
  { before, shown }: Witness,
): Promise<ScaleOutcome> {
  const { secretsManager, cloudWatch, functions, callLog } = simulator;
  const deleted = (name: string) => secretsManager.history(name).at(-1)?.deletedAt !== undefined;
  const left = [...secretsManager.secrets()].filter(({ arn, name }) => before.has(arn) && !deleted(name));
  const stuck = left.filter(({ name }) => {
    const stages = Object.values(secretsManager.history(name).at(-1)?.stages ?? {});
    return stages.some((each) => each.includes('AWSPENDING') && !each.includes('AWSCURRENT'));
  });
  const open = new Set(await openAlerts(simulator, config.tableName));
  return {
    throughout: left.length,
    skipped: left.filter(({ arn }) => !shown.has(arn)).map(({ name }) => name),
    stuck: stuck.length,
    missed: stuck.filter(({ arn }) => !open.has(arn)).map(({ name }) => name),
    observed: cloudWatch.last('SecretsObserved') ?? 0,
    handOvers: await sumOf(simulator, 'SweepsHandedOver'),
    overlapped: await sumOf(simulator, 'SweepsOverlapped'),
    throttledCalls: Object.entries(callLog.failures()).reduce(
      (sum, [key, count]) => sum + (key.endsWith('ThrottlingException') ? count : 0),
      0,
    ),
    tookMs: cloudWatch.last('SweepDuration') ?? 0,
    errors: deployed.flatMap(({ name }) => functions.stats(name).lastError ?? []),
  };
}

async function openAlerts(simulator: Simulator, tableName: string): Promise<readonly string[]> {
  const client = new DynamoDBClient({
    region: simulator.home.region,
    credentials: { accessKeyId: 'observer', secretAccessKey: 'observer' },
    requestHandler: simulator.requestHandler('observer'),
  });
  return (await dynamodbAlertStore(client, tableName).open(simulator.home)).map(({ subject }) => subject);
}

const summed = z.object({ Datapoints: z.array(z.object({ Sum: z.number() })) });

async function sumOf({ call, clock }: Simulator, MetricName: MetricName): Promise<number> {
  const request = {
    Namespace: 'SecretRotation',
    MetricName,
    StartTime: START / SECOND,
    EndTime: clock.now() / SECOND + 1,
    Period: 86_400,
    Statistics: ['Sum'],
  };
  const answer = await call('monitoring', 'GetMetricStatistics', request, 'observer');
  return summed.parse(answer).Datapoints.reduce((total, { Sum }) => total + Sum, 0);
}

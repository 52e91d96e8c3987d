import * as z from 'zod';
import type { Config } from '../../src/monitor/config/settings.ts';
import { WORKING } from '../../src/monitor/domain/report/manifest.ts';
import type { MonitorFunction } from '../../src/proving/player/monitor.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import type { Meter } from './meter.ts';
import { DAY_BEGINS } from './rotating-fleet.ts';
import type { AuditUse, DayUsage, FunctionUse } from './usage.ts';

/** A day that is over. */
export interface Played {
  readonly home: Simulator;
  readonly member: Simulator;
  readonly functions: readonly MonitorFunction[];
  readonly config: Pick<Config, 'memberRoleName' | 'tableName'>;
  readonly meter: Meter;
  /** Counts at the beginning of the day. */
  readonly before: { readonly delivered: number; readonly emails: number };
  readonly secrets: number;
}

/** Gathers what was counted of the day. */
export async function dayUsage(played: Played): Promise<DayUsage> {
  const { home, member, functions, config, meter, before, secrets } = played;
  const series = [...meter.metricHours.values()];
  return {
    secrets,
    functions: Object.fromEntries(functions.map((each) => [each.handler, functionUse(played, each)])),
    dynamoDb: meter.units,
    stored: await stored(home, config.tableName),
    metricHours: series.reduce((sum, hours) => sum + hours.size, 0),
    log: meter.log,
    eventsQueued: home.eventBridge.counts().delivered - before.delivered,
    eventsForwarded: member.eventBridge.counts().delivered,
    emails: home.sns.inbox.length - before.emails,
    rotations: rotationsOf(home) + rotationsOf(member),
    alertsOpen: home.cloudWatch.last('AlertsOpen') ?? 0,
  };
}

/** Gathers what was counted of an audit since the meter was set to zero. */
export function auditUse(played: Played, bucketId: string): AuditUse {
  const [audit] = played.functions.filter(({ handler }) => handler === 'audit');
  if (audit === undefined) throw new Error('There is no function "audit"');
  const { versions } = played.home.s3.buckets.find(bucketId.toLowerCase());
  const stored = [...versions].filter(([key]) => !key.includes(`/${WORKING}`)).flatMap(([, each]) => each);
  return {
    function: functionUse(played, audit),
    dynamoDb: played.meter.units,
    reportBytes: stored.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0),
  };
}

/** Returns the use of a function; calls in a member are those of whichever function ran that may go there. */
function functionUse(
  { home, member, config, meter }: Played,
  { handler, name, role }: MonitorFunction,
): FunctionUse {
  const { invocations = 0, coldStarts = 0, cpuMs = 0 } = meter.functions.get(name) ?? {};
  const own = home.callLog.counts(role);
  const wasThere = invocations > 0 && ['sweep-target', 'audit'].includes(handler);
  const calls = wasThere ? [own, member.callLog.counts(config.memberRoleName)] : [own];
  return { invocations, coldStarts, cpuMs, calls: summed(calls) };
}

function summed(counts: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const [key, count] of counts.flatMap((each) => Object.entries(each)))
    sums[key] = (sums[key] ?? 0) + count;
  return sums;
}

const rotationsOf = ({ secretsManager }: Simulator): number =>
  [...secretsManager.secrets()].filter(({ name }) => {
    const { lastRotatedAt } = secretsManager.history(name).at(-1) ?? {};
    return lastRotatedAt !== undefined && lastRotatedAt >= DAY_BEGINS;
  }).length;

const page = z.object({
  Items: z.array(z.looseObject({ sk: z.object({ S: z.string() }) })),
  LastEvaluatedKey: z.unknown().optional(),
});

/** Items in the indexes are there once more; a name and a type are counted for every value, which is more than DynamoDB counts. */
async function stored({ call }: Simulator, TableName: string): Promise<DayUsage['stored']> {
  const bytes = { once: 0, daily: 0 };
  let from: unknown;
  do {
    const input = { TableName, ...(from === undefined ? {} : { ExclusiveStartKey: from }) };
    const { Items, LastEvaluatedKey } = page.parse(await call('dynamodb', 'Scan', input, 'auditor'));
    for (const item of Items) {
      const copies = 1 + ['open', 'undelivered'].filter((name) => name in item).length;
      bytes[item.sk.S.startsWith('attempt#') ? 'daily' : 'once'] += copies * JSON.stringify(item).length;
    }
    from = LastEvaluatedKey;
  } while (from !== undefined);
  return bytes;
}

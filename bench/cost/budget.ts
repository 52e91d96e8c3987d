import { monitorMonth } from '../../src/cli/cost/monitor-month.ts';
import { costOf } from '../../src/cli/cost/prices.ts';
import { type Bill, bill, usageLines } from './bill.ts';
import { standingCounts } from './deployed.ts';
import { ASSUMED, type TimeAssumptions } from './lambda-time.ts';
import type { DayUsage } from './usage.ts';

/** The days that were played. */
export interface MeasuredDays {
  /** The home target alone, in order of size. */
  readonly alone: readonly DayUsage[];
  /** The home target of `home.secrets` secrets alone, and with a further target of as many. */
  readonly further: {
    readonly home: DayUsage;
    readonly both: DayUsage;
    /** Use with a further target of {@link SMALL_TARGET} secrets instead. */
    readonly small: DayUsage;
  };
}

/** Secrets of a further target in which there is hardly anything. */
export const SMALL_TARGET = 10;

/** Most that a month may cost, in USD, dashboards left out. */
const TARGETS: readonly { readonly secrets: number; readonly usd: number }[] = [
  { secrets: 1_000, usd: 13 },
  { secrets: 10_000, usd: 18 },
];
/** Most that a further account or region of a thousand secrets may add. */
export const FURTHER_TARGET_USD = 1;

/** One every five minutes. */
const SWEEPS_A_DAY = 288;

/** The target of a fleet: that of the next larger size that has one. */
export const targetOf = (secrets: number): number =>
  TARGETS.find((target) => secrets <= target.secrets)?.usd ?? Number.POSITIVE_INFINITY;

/** `TargetsNotSwept` and `OldestTargetSweepAge` are published where there are further targets. */
const MEMBER_GAUGES = 2;

/** Returns the monthly cost of having further targets at all: metrics and alarms about them, however many there are. */
export function firstTargetCost(): number {
  const alarms = standingCounts({ hasMembers: true }).metrics - standingCounts({ hasMembers: false }).metrics;
  return costOf('customMetric', MEMBER_GAUGES) + costOf('alarmMetric', alarms);
}

/** Returns the monthly cost of each further target of a thousand secrets, beside {@link firstTargetCost}. */
export function furtherTargetCost({ further }: MeasuredDays, assumed: TimeAssumptions = ASSUMED): number {
  return (addedBy(further.both, further.home, assumed) * 1_000) / further.home.secrets;
}

/** Returns the monthly cost of a further target of {@link SMALL_TARGET} secrets, beside {@link firstTargetCost}. */
export const smallTargetCost = ({ further }: MeasuredDays): number =>
  addedBy(further.small, further.home, ASSUMED);

function addedBy(both: DayUsage, home: DayUsage, assumed: TimeAssumptions): number {
  const cost = (usage: DayUsage) => usageLines(usage, assumed).reduce((sum, { usd }) => sum + usd, 0);
  return cost(both) - cost(home) - costOf('customMetric', MEMBER_GAUGES);
}

/** Every target that is exceeded, in words, and every day that was not as it should have been. */
export function breaches(days: MeasuredDays): readonly string[] {
  const { home, both } = days.further;
  const added = furtherTargetCost(days);
  return [
    ...days.alone.flatMap((usage) => oddities(usage, usage.secrets)),
    ...oddities(both, home.secrets + both.secrets),
    ...days.alone.flatMap((usage) => overspent(usage.secrets, bill(usage))),
    ...(added > FURTHER_TARGET_USD
      ? [`A further target costs ${usd(added)}, more than ${usd(FURTHER_TARGET_USD)}`]
      : []),
  ];
}

/** A day without its sweeps, rotations and alerts would show nothing; of those whose turn it is, one in ten is stuck. */
function oddities({ functions, rotations, alertsOpen }: DayUsage, secrets: number): readonly string[] {
  const sweeps = functions['sweep']?.invocations ?? 0;
  return [
    ...(sweeps === SWEEPS_A_DAY ? [] : [`The day of ${secrets} secrets had ${sweeps} sweeps`]),
    ...(rotations >= Math.floor((0.9 * secrets) / 30)
      ? []
      : [`Of ${secrets} secrets only ${rotations} rotated`]),
    ...(alertsOpen === secrets / 100
      ? []
      : [`${alertsOpen} alerts were open about ${secrets} secrets, not one in a hundred`]),
    ...Object.entries(functions)
      .filter(([, { invocations, calls }]) => invocations === 0 && Object.keys(calls).length > 0)
      .map(([name]) => `${name} never ran, and calls are counted as its own`),
  ];
}

function overspent(secrets: number, { total, lines }: Bill): readonly string[] {
  const most = targetOf(secrets);
  if (total <= most) return [];
  const dearest = lines.toSorted((a, b) => b.usd - a.usd).slice(0, 5);
  const named = dearest.map((each) => `${each.what} ${usd(each.usd)}`).join(', ');
  return [`${secrets} secrets cost ${usd(total)} a month, more than ${usd(most)}: ${named}`];
}

/** Greatest deviation of `rotation-monitor cost` from the measurement: processor time differs from run to run. */
const SAID_WITHIN = 0.05;

/** The sizes of which the command says something else than was measured. */
export const mistold = ({ alone }: Pick<MeasuredDays, 'alone'>): readonly string[] =>
  alone.flatMap((usage) => {
    const { total } = bill(usage);
    const said = monitorMonth(usage.secrets).total;
    return Math.abs(said - total) <= SAID_WITHIN * total
      ? []
      : `${usage.secrets} secrets cost ${usd(total)}, and src/cli/cost/monitor-month.ts says ${usd(said)}`;
  });

const usd = (amount: number): string => `${amount.toFixed(2)} USD`;

import type { Instant } from '../../../calendar/instant.ts';
import { isOpen } from '../alert/alert.ts';
import { beginning } from '../detect/pending-sight.ts';
import type { ExplainedFinding } from '../finding/finding.ts';
import type { Datapoint } from '../metric.ts';
import { hasRotationSettings, isReplica, type Secret, type Target, targetKey } from '../secret/secret.ts';
import type { SecretState } from '../state/secret-state.ts';
import { emptyTally, type SweepRecord, type SweepTally } from './sweep-result.ts';
import { withPendingAge, worstDatapoints } from './worst-pending.ts';

/** Whether rotation was on and is off now, with what it needs still attached. */
export const isSwitchedOff = (secret: Secret): boolean =>
  secret.rotationEnabled === false && hasRotationSettings(secret);

/** Counts the secrets of one page of the list. */
export const withPage = (tally: SweepTally, page: readonly Secret[]): SweepTally => ({
  ...tally,
  observed: tally.observed + page.length,
  disabled: tally.disabled + page.filter(isSwitchedOff).length,
  replicasOf: withReplicas(tally.replicasOf, page),
});

function withReplicas(counts: SweepTally['replicasOf'], page: readonly Secret[]): SweepTally['replicasOf'] {
  const replicas = page.filter(isReplica);
  if (replicas.length === 0) return counts;
  const sums = { ...counts };
  for (const { primaryRegion = '' } of replicas) sums[primaryRegion] = (sums[primaryRegion] ?? 0) + 1;
  return sums;
}

/** Returns the number of replicas whose primaries are in none of the watched regions. */
export const replicasBeside = ({ replicasOf }: SweepTally, isWatched: (region: string) => boolean): number =>
  Object.entries(replicasOf).reduce((sum, [region, count]) => sum + (isWatched(region) ? 0 : count), 0);

/** Counts one suspect after its check. */
export function withSuspect(
  tally: SweepTally,
  { state, findings }: { readonly state: SecretState; readonly findings: readonly ExplainedFinding[] },
  now: Instant,
): SweepTally {
  const codes = new Set(findings.map(({ code }) => code));
  const stuck = codes.has('stuck-pending') || codes.has('rotation-retries-exhausted');
  const open = state.alerts.filter(isOpen);
  const pendingSince = state.pending === undefined ? now : beginning(state.pending).since;
  const pendingAge = (now - pendingSince) / 1000;
  const isTrouble = state.pending !== undefined && findings.length > 0;
  return {
    ...tally,
    unverifiable: tally.unverifiable + Number(state.trouble !== undefined),
    inProgress: tally.inProgress + Number(state.pending !== undefined && findings.length === 0),
    pendingStuck: tally.pendingStuck + Number(stuck),
    oldestPendingAge: Math.max(tally.oldestPendingAge, pendingAge),
    worstPending: isTrouble
      ? withPendingAge(tally.worstPending, { secretName: state.name, seconds: pendingAge })
      : tally.worstPending,
    overdue: tally.overdue + Number(codes.has('rotation-overdue')),
    alertsOpen: tally.alertsOpen + open.length,
    criticalAlertsOpen:
      tally.criticalAlertsOpen + open.filter(({ severity }) => severity === 'CRITICAL').length,
  };
}

/** The tally as metrics, with series of their own for so many of the worst secrets. */
const tallyDatapoints = (tally: SweepTally, worstSecrets: number): readonly Datapoint[] => [
  { name: 'SecretsObserved', value: tally.observed },
  { name: 'SecretsUnverifiable', value: tally.unverifiable },
  { name: 'RotationsInProgress', value: tally.inProgress },
  { name: 'PendingStuck', value: tally.pendingStuck },
  { name: 'OldestPendingAge', value: tally.oldestPendingAge },
  ...worstDatapoints(tally.worstPending, worstSecrets),
  { name: 'RotationOverdue', value: tally.overdue },
  { name: 'RotationDisabled', value: tally.disabled },
  { name: 'AlertsOpen', value: tally.alertsOpen },
  { name: 'CriticalAlertsOpen', value: tally.criticalAlertsOpen },
];

/** The facts from which the gauges of a fleet are computed. */
interface FleetSight {
  readonly now: Instant;
  readonly sweepIntervalMs: number;
  /** Number of the worst secrets that have a metric of their own. */
  readonly worstSecrets: number;
  /** Whether other targets than the home target are watched: of that one alone the heartbeat says whether it is swept. */
  readonly hasMembers: boolean;
  /** Every account and region whose secrets are watched. */
  readonly watched: readonly Target[];
}

/** So many intervals may pass between two sweeps of a target. */
const PATIENCE_INTERVALS = 3;

/** Whether the target was swept lately: within three intervals, and twice as long as its last sweep took. */
export function isSwept(
  { last, failingSince }: SweepRecord,
  { now, sweepIntervalMs }: Pick<FleetSight, 'now' | 'sweepIntervalMs'>,
): boolean {
  if (last === undefined || failingSince !== undefined) return false;
  const tookMs = last.endedAt - last.startedAt;
  return now - last.endedAt <= PATIENCE_INTERVALS * sweepIntervalMs + 2 * tookMs;
}

/**
 * The gauges of all targets together: counts add up, ages are those of the oldest. A target that was not swept counts
 * with what its last sweep saw.
 */
export function fleetGauges(records: readonly SweepRecord[], sight: FleetSight): readonly Datapoint[] {
  const results = records.flatMap(({ last }) => last ?? []);
  const longest = Math.max(0, ...results.map(({ startedAt, endedAt }) => endedAt - startedAt));
  const calls = results.reduce((sum, { apiCalls }) => sum + apiCalls, 0);
  return [
    ...tallyDatapoints(results.map(({ tally }) => tally).reduce(added, emptyTally), sight.worstSecrets),
    ...(sight.hasMembers ? targetGauges(records, sight) : []),
    ...replicaGauge(records, sight),
    { name: 'SweepDuration', value: longest },
    { name: 'SweepApiCalls', value: calls },
  ];
}

/** A replica is judged by its primary, so that one whose primary nobody watches is seen by nobody. */
function replicaGauge(records: readonly SweepRecord[], { watched }: FleetSight): readonly Datapoint[] {
  const keys = new Set(watched.map(targetKey));
  const seen = records.flatMap(({ account, last }) => (last === undefined ? [] : [{ account, ...last }]));
  if (seen.every(({ tally }) => Object.keys(tally.replicasOf).length === 0)) return [];
  const unwatched = seen.map(({ account, tally }) =>
    replicasBeside(tally, (region) => keys.has(targetKey({ account, region }))),
  );
  return [{ name: 'ReplicasUnwatched', value: unwatched.reduce((sum, count) => sum + count, 0) }];
}

const targetGauges = (records: readonly SweepRecord[], sight: FleetSight): readonly Datapoint[] => [
  { name: 'TargetsNotSwept', value: records.filter((record) => !isSwept(record, sight)).length },
  { name: 'OldestTargetSweepAge', value: oldestSweepAge(records, sight.now) },
];

/** In seconds. Of a target that was never swept only the time is known since when its secrets cannot be listed. */
const oldestSweepAge = (records: readonly SweepRecord[], now: Instant): number =>
  Math.max(
    0,
    ...records.flatMap(({ last, failingSince }) => {
      const since = last?.endedAt ?? failingSince;
      return since === undefined ? [] : [(now - since) / 1000];
    }),
  );

const added = (a: SweepTally, b: SweepTally): SweepTally => ({
  observed: a.observed + b.observed,
  unverifiable: a.unverifiable + b.unverifiable,
  inProgress: a.inProgress + b.inProgress,
  pendingStuck: a.pendingStuck + b.pendingStuck,
  oldestPendingAge: Math.max(a.oldestPendingAge, b.oldestPendingAge),
  worstPending: b.worstPending.reduce(withPendingAge, a.worstPending),
  overdue: a.overdue + b.overdue,
  disabled: a.disabled + b.disabled,
  alertsOpen: a.alertsOpen + b.alertsOpen,
  criticalAlertsOpen: a.criticalAlertsOpen + b.criticalAlertsOpen,
  replicasOf: {},
});

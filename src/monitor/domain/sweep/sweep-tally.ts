import type { Instant } from '../../../calendar/instant.ts';
import { isOpen } from '../alert/alert.ts';
import { beginning } from '../detect/pending-sight.ts';
import type { ExplainedFinding } from '../finding/finding.ts';
import type { Datapoint } from '../metric.ts';
import { hasRotationSettings, isReplica, type Secret } from '../secret/secret.ts';
import type { SecretState } from '../state/secret-state.ts';
import type { SweepTally } from './sweep-result.ts';
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
export const tallyDatapoints = (tally: SweepTally, worstSecrets: number): readonly Datapoint[] => [
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

import { isOpen } from './alert/alert.ts';
import type { ExplainedFinding } from './finding.ts';
import type { Instant } from './instant.ts';
import type { Datapoint } from './metric.ts';
import type { Secret } from './secret.ts';
import type { SecretState } from './secret-state.ts';

/** What a sweep counts, secret by secret; every gauge is published by every sweep, also when it is 0. */
export interface SweepTally {
  readonly observed: number;
  readonly unverifiable: number;
  readonly inProgress: number;
  readonly pendingStuck: number;
  /** Seconds. */
  readonly oldestPendingAge: number;
  readonly overdue: number;
  readonly disabled: number;
  readonly alertsOpen: number;
  readonly criticalAlertsOpen: number;
}

/** A tally before the first secret. */
export const emptyTally: SweepTally = {
  observed: 0,
  unverifiable: 0,
  inProgress: 0,
  pendingStuck: 0,
  oldestPendingAge: 0,
  overdue: 0,
  disabled: 0,
  alertsOpen: 0,
  criticalAlertsOpen: 0,
};

/** Whether rotation was on and is off now, with what it needs still attached. */
export const isSwitchedOff = ({ rotationEnabled, rotationFunctionArn, rotationRules }: Secret): boolean =>
  rotationEnabled === false && (rotationFunctionArn !== undefined || rotationRules !== undefined);

/** Counts the secrets of one page of the list. */
export const withPage = (tally: SweepTally, page: readonly Secret[]): SweepTally => ({
  ...tally,
  observed: tally.observed + page.length,
  disabled: tally.disabled + page.filter(isSwitchedOff).length,
});

/** Counts one suspect after its check. */
export function withSuspect(
  tally: SweepTally,
  { state, findings }: { readonly state: SecretState; readonly findings: readonly ExplainedFinding[] },
  now: Instant,
): SweepTally {
  const codes = new Set(findings.map(({ code }) => code));
  const stuck = codes.has('stuck-pending') || codes.has('rotation-retries-exhausted');
  const open = state.alerts.filter(isOpen);
  const pendingSince = state.pending?.createdAt ?? state.pending?.firstSeenAt ?? now;
  return {
    ...tally,
    unverifiable: tally.unverifiable + Number(state.trouble !== undefined),
    inProgress: tally.inProgress + Number(state.pending !== undefined && findings.length === 0),
    pendingStuck: tally.pendingStuck + Number(stuck),
    oldestPendingAge: Math.max(tally.oldestPendingAge, (now - pendingSince) / 1000),
    overdue: tally.overdue + Number(codes.has('rotation-overdue')),
    alertsOpen: tally.alertsOpen + open.length,
    criticalAlertsOpen:
      tally.criticalAlertsOpen + open.filter(({ severity }) => severity === 'CRITICAL').length,
  };
}

/** The tally as metrics. */
export const tallyDatapoints = (tally: SweepTally): readonly Datapoint[] => [
  { name: 'SecretsObserved', value: tally.observed },
  { name: 'SecretsUnverifiable', value: tally.unverifiable },
  { name: 'RotationsInProgress', value: tally.inProgress },
  { name: 'PendingStuck', value: tally.pendingStuck },
  { name: 'OldestPendingAge', value: tally.oldestPendingAge },
  { name: 'RotationOverdue', value: tally.overdue },
  { name: 'RotationDisabled', value: tally.disabled },
  { name: 'AlertsOpen', value: tally.alertsOpen },
  { name: 'CriticalAlertsOpen', value: tally.criticalAlertsOpen },
];

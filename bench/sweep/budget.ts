import type { FleetCosts, RunCost, RunKind } from './measure.ts';

/** The budget of a sweep. There is none for time: it is shown beside the peer's, never as a bound of its own. */
export interface Budget {
  /** Most calls to Secrets Manager: a page of the list is 100 secrets, a suspect costs two calls. */
  readonly calls: (fleet: { readonly secrets: number; readonly suspects: number }) => number;
  /** Most bytes by which the peak may differ between the smallest and the largest fleet with as many suspects. */
  readonly heapFlatWithin: number;
  /** Most bytes that one more suspect may add to the peak. */
  readonly heapPerSuspect: number;
}

const KIB = 1024;

/** The written budget; `bench/README.md` gives the reasons. */
export const BUDGET: Budget = {
  calls: ({ secrets, suspects }) => Math.ceil(secrets / 100) + 2 * suspects,
  heapFlatWithin: 1024 * KIB,
  heapPerSuspect: 8 * KIB,
};

/** The fleets that were measured: suspects growing with the secrets, and the largest with as few as the smallest. */
export interface Measured {
  readonly growing: readonly FleetCosts[];
  readonly fewSuspects: FleetCosts;
}

const SWEEPS: readonly RunKind[] = ['first', 'steady'];

/** Every way in which the budget does not hold, in words. */
export function breaches({ growing, fewSuspects }: Measured): readonly string[] {
  return SWEEPS.flatMap((kind) => [
    ...[...growing, fewSuspects].flatMap((fleet) => callBreaches(fleet, kind)),
    ...heapBreaches({ growing, fewSuspects }, kind),
  ]);
}

function callBreaches(fleet: FleetCosts, kind: RunKind): readonly string[] {
  const most = BUDGET.calls(fleet);
  const { calls } = costOf(fleet, kind);
  if (calls <= most) return [];
  return [`The ${kind} sweep of ${fleet.secrets} secrets made ${calls} calls, more than ${most}`];
}

function heapBreaches({ growing, fewSuspects }: Measured, kind: RunKind): readonly string[] {
  const { bySecrets, bySuspect } = heapGrowth({ growing, fewSuspects }, kind);
  return [
    ...(bySecrets > BUDGET.heapFlatWithin
      ? [
          `The ${kind} sweep's peak grew with the secrets by ${bySecrets} bytes, more than ${BUDGET.heapFlatWithin}`,
        ]
      : []),
    ...(bySuspect > BUDGET.heapPerSuspect
      ? [`The ${kind} sweep's peak grew by ${bySuspect} bytes a suspect, more than ${BUDGET.heapPerSuspect}`]
      : []),
  ];
}

/** Returns the growth of the peak: in all with the secrets while the suspects stay, and for each further suspect. */
export function heapGrowth(
  { growing, fewSuspects }: Measured,
  kind: RunKind,
): { readonly bySecrets: number; readonly bySuspect: number } {
  const smallest = growing[0] ?? fewSuspects;
  const largest = growing.at(-1) ?? fewSuspects;
  const peak = (fleet: FleetCosts) => costOf(fleet, kind).peakHeap;
  return {
    bySecrets: peak(fewSuspects) - peak(smallest),
    bySuspect: (peak(largest) - peak(fewSuspects)) / (largest.suspects - fewSuspects.suspects),
  };
}

/** Returns the cost of one run of a fleet; fails when it was not made. */
export function costOf(fleet: FleetCosts, kind: RunKind): RunCost {
  const cost = fleet.costs[kind];
  if (cost === undefined) throw new Error(`No "${kind}" run of ${fleet.secrets} secrets was made`);
  return cost;
}

import { availableParallelism } from 'node:os';
import { BUDGET, costOf, heapGrowth, type Measured } from './budget.ts';
import type { FleetCosts, RunKind } from './measure.ts';

const RUN_NAMES: Readonly<Record<RunKind, string>> = {
  first: 'first sweep',
  steady: 'next sweep',
  plain: 'plain sweep (peer)',
};

const HEAD = [
  'secrets',
  'suspects',
  'run',
  'calls',
  'calls allowed',
  'peak heap, MB',
  'ms per 1,000',
  'time beside the peer',
  'simulator’s share',
];

/** The results in Markdown, as `bench/README.md` holds them. */
export function resultTable(measured: Measured, date: string): string {
  const fleets = [...measured.growing, measured.fewSuspects];
  const rows = fleets.flatMap((fleet) => fleet.runs.map((kind) => row(fleet, kind)));
  return [
    `${availableParallelism()} cores, Node ${process.version}, ${date}, \`npm run bench\`:`,
    '',
    markdown([HEAD, HEAD.map((_, column) => (column === 2 ? '---' : '--:')), ...rows]),
    '',
    ...(['first', 'steady'] as const).map((kind) => growthLine(measured, kind)),
  ].join('\n');
}

function row(fleet: FleetCosts, kind: RunKind): readonly string[] {
  const { calls, peakHeap, wallMs, ownMs, simulatorMs } = costOf(fleet, kind);
  const peer = fleet.costs.plain?.wallMs;
  return [
    whole(fleet.secrets),
    whole(fleet.suspects),
    RUN_NAMES[kind],
    whole(calls),
    kind === 'plain' ? '' : whole(BUDGET.calls(fleet)),
    (peakHeap / 1e6).toFixed(1),
    ((wallMs / fleet.secrets) * 1_000).toFixed(0),
    peer === undefined || kind === 'plain' ? '' : `1/${(peer / wallMs).toFixed(1)}`,
    `${((100 * simulatorMs) / (ownMs + simulatorMs)).toFixed(0)} %`,
  ];
}

function growthLine(measured: Measured, kind: 'first' | 'steady'): string {
  const { bySecrets, bySuspect } = heapGrowth(measured, kind);
  const smallest = measured.growing[0]?.secrets ?? 0;
  const more = measured.fewSuspects.secrets - smallest;
  return (
    `- ${RUN_NAMES[kind]}: the peak grows by ${(bySecrets / more || 0).toFixed(1)} bytes a secret ` +
    `(${(bySecrets / 1e6).toFixed(2)} MB for ${whole(more)} more, at most ${(BUDGET.heapFlatWithin / 1e6).toFixed(2)}), ` +
    `and by ${(bySuspect / 1e3).toFixed(1)} kB a suspect (at most ${(BUDGET.heapPerSuspect / 1e3).toFixed(1)}).`
  );
}

const markdown = (rows: readonly (readonly string[])[]): string =>
  rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const whole = (count: number): string => count.toLocaleString('en-US');
